// Whatever a Doris server, or a checkpoint file, says: it is understood or refused, and nothing
// throws. The first byte says which HTTP status the rest is the body of.
#include <cstdint>
#include <string>

#include "connectors/doris/answer.h"
#include "connectors/doris/message.h"
#include "connectors/doris/table.h"
#include "connectors/doris/token.h"

using namespace millrace;
using namespace millrace::doris;

namespace {

void Understand(const HttpAnswer& answer) {
  const auto load = ParseLoadAnswer(answer);
  if (load.ok()) {
    static_cast<void>(Judge(*load));
    static_cast<void>(OwnerOfLabel(load->message));
    if (Excerpt(load->first_error).find('\n') != std::string::npos) __builtin_trap();
  }
  const auto operation = ParseOperationAnswer(answer);
  if (operation.ok()) {
    static_cast<void>(JudgeCommit(*operation));
    static_cast<void>(JudgeAbort(*operation));
  }
  static_cast<void>(ParseLabelState(answer));
  static_cast<void>(ParseBackends(answer));
  const auto schema = ParseSchemaAnswer(answer);
  if (schema.ok()) static_cast<void>(ParseTable("d.t", *schema));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr int kStatuses[] = {200, 200, 200, 307, 401, 404, 500, 503};
  if (size == 0) return 0;
  HttpAnswer answer;
  answer.status = kStatuses[data[0] % std::size(kStatuses)];
  answer.url = "http://fe:8030/api";
  answer.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  Understand(answer);
  const auto token = ParseToken(answer.body);
  // What is understood is written down as something that is understood the same.
  if (token.ok() && !(ParseToken(ToText(*token)).value() == *token)) __builtin_trap();
  return 0;
}
