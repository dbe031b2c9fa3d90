#include "connectors/doris/message.h"

#include <doctest/doctest.h>

namespace millrace::doris {
namespace {

TEST_CASE("what a message means depends on what it answers") {
  CHECK(MeaningOf(Subject::kCommit,
                  "transaction [5] is already ABORTED. abort reason: timeout by "
                  "txn manager") == Meaning::kAborted);
  CHECK(MeaningOf(Subject::kLoad, "timeout by txn manager") == Meaning::kTransient);
  CHECK(MeaningOf(Subject::kCommit, "transaction [5] is prepare, not pre-committed.") ==
        Meaning::kNotPrepared);
  CHECK(MeaningOf(Subject::kAbort, "label not found") == Meaning::kNotFound);
  CHECK(MeaningOf(Subject::kLoad, "Access denied") == Meaning::kPermanent);
  CHECK(MeaningOf(Subject::kRequest, "Access denied") == Meaning::kAccessDenied);
  CHECK(MeaningOf(Subject::kRequest, "Unknown table 't'") == Meaning::kNoSuchTable);
  CHECK(MeaningOf(Subject::kRequest, "all is well") == Meaning::kUnrecognised);
}

TEST_CASE("rejected rows are not transient, although their load is cancelled") {
  CHECK(MeaningOf(Subject::kLoad, "[CANCELLED][DATA_QUALITY_ERROR]x") == Meaning::kRowsRejected);
  CHECK(MeaningOf(Subject::kLoad, "[CANCELLED]x") == Meaning::kTransient);
}

TEST_CASE("two-phase commit that is off is recognised") {
  CHECK(MeaningOf(Subject::kLoad,
                  "[NOT_IMPLEMENTED_ERROR]Two phase commit (2PC) for stream load "
                  "was disabled") == Meaning::kTwoPhaseCommitOff);
}

TEST_CASE("an excerpt is short, on one line, whole in its characters and without passwords") {
  CHECK(Excerpt("  a\r\n\t b  ") == "a b");
  CHECK(Excerpt("") == "");
  CHECK(Excerpt(" \n ") == "");
  const std::string cut = Excerpt(std::string(299, 'x') + "ä" + std::string(50, 'y'));
  CHECK(cut == std::string(299, 'x') + "...");
  // The mark of the user-info is beyond the cut.
  const std::string url = "http://root:" + std::string(400, 's') + "@be:8040/x";
  CHECK(Excerpt("redirect to " + url) == "redirect to http://***@be:8040/x");
}

}  // namespace
}  // namespace millrace::doris
