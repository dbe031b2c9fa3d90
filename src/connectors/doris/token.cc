#include "connectors/doris/token.h"

#include <nlohmann/json.hpp>

namespace millrace::doris {

using Json = nlohmann::ordered_json;

std::string ToText(const Token& token) {
  Json transactions = Json::array();
  for (const Transaction& each : token.transactions) {
    transactions.push_back({{"db", each.database},
                            {"label", each.label},
                            {"txn", each.id},
                            {"rows", each.rows},
                            {"bytes", each.bytes}});
  }
  const Json object = {{"incarnation", token.incarnation},
                       {"sequence", token.sequence},
                       {"lanes", token.lanes},
                       {"transactions", std::move(transactions)}};
  return object.dump();
}

Result<Token> ParseToken(std::string_view text) {
  Token token;
  if (text.empty()) return token;
  try {
    const Json object = Json::parse(text);
    token.incarnation = object.at("incarnation").get<uint64_t>();
    token.sequence = object.at("sequence").get<uint64_t>();
    token.lanes = object.at("lanes").get<int>();
    for (const Json& each : object.at("transactions")) {
      token.transactions.push_back({each.at("db").get<std::string>(),
                                    each.at("label").get<std::string>(),
                                    each.at("txn").get<int64_t>(), each.at("rows").get<int64_t>(),
                                    each.at("bytes").get<int64_t>()});
    }
  } catch (const Json::exception& exception) {
    return Status::Permanent(std::string("the checkpoint's part for the Doris sink is damaged: ") +
                             exception.what());
  }
  return token;
}

}  // namespace millrace::doris
