#include "connectors/doris/token.h"

#include "base/json.h"
#include "connectors/doris/sink_config.h"

namespace millrace::doris {
namespace {

Status Damaged(std::string_view what) {
  return Status::Permanent("the checkpoint's entry of the Doris sink is damaged: " +
                           std::string(what));
}

}  // namespace

std::string ToText(const Token& token) {
  Json transactions = Json::Array();
  for (const Transaction& each : token.transactions) {
    transactions.Append(Json::Object({{"db", each.database},
                                      {"label", each.label},
                                      {"txn", each.id},
                                      {"rows", each.rows},
                                      {"bytes", each.bytes}}));
  }
  return Json::Object({{"incarnation", token.incarnation},
                       {"sequence", token.sequence},
                       {"lanes", token.lanes},
                       {"transactions", std::move(transactions)}})
      .ToText();
}

Result<Token> ParseToken(std::string_view text) {
  Token token;
  if (text.empty()) return token;
  const Result<Json> object = Json::Parse(text);
  if (!object.ok()) return Damaged(object.status().message());
  const std::optional<uint64_t> incarnation = (*object)["incarnation"].AsUint();
  const std::optional<uint64_t> sequence = (*object)["sequence"].AsUint();
  const std::optional<int64_t> lanes = (*object)["lanes"].AsInt();
  const Json& transactions = (*object)["transactions"];
  if (!incarnation || !sequence || !lanes || !transactions.is_array()) {
    return Damaged("incarnation, sequence, lanes or transactions is missing");
  }
  // Labels of each lane are looked up in Doris: a wild number would keep that up for ever.
  if (*lanes < 0 || *lanes > kLanesEverMax) {
    return Damaged("lanes is not between 0 and " + std::to_string(kLanesEverMax));
  }
  token.incarnation = *incarnation;
  token.sequence = *sequence;
  token.lanes = static_cast<int>(*lanes);
  for (const Json& each : transactions.items()) {
    const std::optional<std::string> database = each["db"].AsString();
    const std::optional<std::string> label = each["label"].AsString();
    const std::optional<int64_t> id = each["txn"].AsInt();
    const std::optional<int64_t> rows = each["rows"].AsInt();
    const std::optional<int64_t> bytes = each["bytes"].AsInt();
    if (!database || !label || !id || !rows || !bytes) {
      return Damaged("a transaction lacks db, label, txn, rows or bytes");
    }
    token.transactions.push_back({*database, *label, *id, *rows, *bytes});
  }
  return token;
}

}  // namespace millrace::doris
