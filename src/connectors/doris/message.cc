#include "connectors/doris/message.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/units.h"
#include "base/utf8.h"
#include "net/url.h"

namespace millrace::doris {
namespace {

constexpr size_t kExcerptMax = 300;

constexpr auto kRequest = static_cast<uint8_t>(Subject::kRequest);
constexpr auto kLoad = static_cast<uint8_t>(Subject::kLoad);
constexpr auto kCommit = static_cast<uint8_t>(Subject::kCommit);
constexpr auto kAbort = static_cast<uint8_t>(Subject::kAbort);
constexpr uint8_t kOperation = kCommit | kAbort;
constexpr uint8_t kTransaction = kLoad | kOperation;
constexpr uint8_t kAny = kTransaction | kRequest;

struct Rule {
  std::string_view text;  // lower case
  uint8_t subjects;
  Meaning meaning;
};

// The first rule that applies counts. What became of a transaction comes first, because the reason
// for it is quoted after it; rejected rows come before what is transient, because a load that fails
// for them is "cancelled" as well; and what is transient comes before what is permanent, because
// both are wrapped in the same prefixes.
constexpr Rule kRules[] = {
    {"is already committed", kOperation, Meaning::kCommitted},
    {"is already visible", kOperation, Meaning::kCommitted},
    {"is already aborted", kOperation, Meaning::kAborted},
    {"not found, label", kCommit, Meaning::kNotFound},
    {"] not found", kCommit, Meaning::kNotFound},
    {"transaction not found", kCommit, Meaning::kNotFound},
    {"not found", kAbort, Meaning::kNotFound},
    {"is prepare, not pre-committed", kCommit, Meaning::kNotPrepared},

    {"access denied", kRequest, Meaning::kAccessDenied},
    {"need auth information", kRequest, Meaning::kAccessDenied},
    {"no valid basic authorization", kRequest, Meaning::kAccessDenied},
    {"not_authorized", kRequest, Meaning::kAccessDenied},
    {"unauthorized", kRequest, Meaning::kAccessDenied},
    {"100-continue header", kRequest, Meaning::kPermanent},
    {"no database selected", kRequest, Meaning::kPermanent},
    {"no table selected", kRequest, Meaning::kPermanent},
    {"group_commit", kRequest, Meaning::kPermanent},
    {"no cloud cluster name", kRequest, Meaning::kPermanent},

    {"data_quality", kTransaction, Meaning::kRowsRejected},
    {"too many filtered rows", kTransaction, Meaning::kRowsRejected},

    {"timeout by txn manager", kAny, Meaning::kTransient},
    {"lock timeout", kAny, Meaning::kTransient},
    {"larger than limit", kAny, Meaning::kTransient},
    {"-235", kAny, Meaning::kTransient},
    {"version count", kAny, Meaning::kTransient},
    {"exceed limit", kAny, Meaning::kTransient},
    {"mem_limit_exceeded", kAny, Meaning::kTransient},
    {"mem_alloc_failed", kAny, Meaning::kTransient},
    {"memory limit", kAny, Meaning::kTransient},
    {"coordinate be", kAny, Meaning::kTransient},
    {"not_master", kAny, Meaning::kTransient},
    {"thrift_rpc_error", kAny, Meaning::kTransient},
    {"heartbeat yet", kAny, Meaning::kTransient},
    {"no backend", kAny, Meaning::kTransient},
    {"sender is gone", kAny, Meaning::kTransient},
    {"cancelled", kAny, Meaning::kTransient},
    {"network_error", kAny, Meaning::kTransient},
    {"receive body don't equal", kAny, Meaning::kTransient},
    {"too many aborted", kAny, Meaning::kTransient},
    {"service_unavailable", kAny, Meaning::kTransient},
    {"publish_timeout", kAny, Meaning::kTransient},
    {"rpc failed", kAny, Meaning::kTransient},
    {"rpc timeout", kAny, Meaning::kTransient},

    {"unknown", kRequest, Meaning::kNoSuchTable},

    {"two phase commit", kTransaction, Meaning::kTwoPhaseCommitOff},
    {"unqualified data", kTransaction, Meaning::kPermanent},
    {"analysis_error", kTransaction, Meaning::kPermanent},
    {"invalid_argument", kTransaction, Meaning::kPermanent},
    {"not_implemented", kTransaction, Meaning::kPermanent},
    {"not_authorized", kTransaction, Meaning::kPermanent},
    {"not_found", kTransaction, Meaning::kPermanent},
    {"access denied", kTransaction, Meaning::kPermanent},
    {"unknown database", kTransaction, Meaning::kPermanent},
    {"unknown table", kTransaction, Meaning::kPermanent},
    {"table not found", kTransaction, Meaning::kPermanent},
    {"column has no source", kTransaction, Meaning::kPermanent},
    {"label format error", kTransaction, Meaning::kPermanent},
    {"unknown column", kTransaction, Meaning::kPermanent},
    {"exceed be's conf", kTransaction, Meaning::kPermanent},
    {"streaming_load_max_mb", kTransaction, Meaning::kPermanent},
    {"exceed max size", kTransaction, Meaning::kPermanent},
    {"invalid timeout", kTransaction, Meaning::kPermanent},
    {"unknown data format", kTransaction, Meaning::kPermanent},
    {"sequence column", kTransaction, Meaning::kPermanent},
    {"errcode = 7", kTransaction, Meaning::kPermanent},
    {"partial update", kTransaction, Meaning::kPermanent},
    {"no basic auth", kTransaction, Meaning::kPermanent},
    {"not support", kTransaction, Meaning::kPermanent},
};

}  // namespace

Meaning MeaningOf(Subject subject, std::string_view message) {
  const std::string lower = ToLower(message);
  for (const Rule& rule : kRules) {
    const bool applies = (rule.subjects & static_cast<uint8_t>(subject)) != 0;
    if (applies && lower.find(rule.text) != std::string::npos) return rule.meaning;
  }
  return Meaning::kUnrecognised;
}

std::optional<int64_t> OwnerOfLabel(std::string_view message) {
  constexpr std::string_view kMark = "relate to txn [";
  const size_t at = message.find(kMark);
  if (at == std::string_view::npos) return std::nullopt;
  message.remove_prefix(at + kMark.size());
  const std::optional<int64_t> id = ParseInteger(message.substr(0, message.find(']')));
  return id && *id >= 0 ? id : std::nullopt;
}

std::string Excerpt(std::string_view message) {
  const std::string redacted = RedactUrls(message);  // before the cut, which could hide an end
  const std::string_view text = Trim(redacted);
  std::string excerpt;
  for (size_t at = 0; at < text.size();) {
    if (IsBlank(text[at])) {
      excerpt += ' ';
      while (IsBlank(text[at])) ++at;  // the last byte is not one
      continue;
    }
    const size_t length = Utf8Length(text, at);
    if (excerpt.size() + length > kExcerptMax) {
      excerpt += "...";
      break;
    }
    excerpt += text.substr(at, length);
    at += length;
  }
  return excerpt;
}

}  // namespace millrace::doris
