#include "minidoris/store/load_transaction.h"

namespace millrace::minidoris {

std::string_view StateText(TransactionState state) {
  switch (state) {
    case TransactionState::kPrepare:
      return "PREPARE";
    case TransactionState::kPrecommitted:
      return "PRECOMMITTED";
    case TransactionState::kCommitted:
      return "COMMITTED";
    case TransactionState::kVisible:
      return "VISIBLE";
    case TransactionState::kAborted:
      return "ABORTED";
  }
  return "UNKNOWN";
}

}  // namespace millrace::minidoris
