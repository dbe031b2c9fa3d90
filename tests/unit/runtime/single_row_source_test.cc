#include "runtime/single_row_source.h"

#include <doctest/doctest.h>

using namespace millrace;

namespace {

Status SeekTo(const std::unique_ptr<Source>& source, const Position& position) {
  return source->Seek({&position, 1});
}

}  // namespace

TEST_CASE("the single row comes once, and not again after its position") {
  Batch batch(1);
  const std::unique_ptr<Source> source = MakeSingleRowSource();
  CHECK(SeekTo(source, {}).ok());
  CHECK(source->Progress(0).rows_read == 0);
  CHECK(source->Poll(&batch).ok());
  CHECK(batch.rows() == 1);
  CHECK(batch.end_of_input());
  CHECK(source->Progress(0).phase == SourcePhase::kDone);
  // Checkpoints of jobs that read it from the connector `values` have the same position.
  CHECK(batch.position() == Position(Json::Object({{"row", 1}})));

  const std::unique_ptr<Source> again = MakeSingleRowSource();
  CHECK(SeekTo(again, batch.position()).ok());
  Batch rest(1);
  CHECK(again->Poll(&rest).ok());
  CHECK(rest.rows() == 0);
  CHECK(rest.end_of_input());

  CHECK(MakeSingleRowSource(0)->Poll(&rest).ok());
  CHECK(rest.rows() == 0);
  CHECK_FALSE(SeekTo(MakeSingleRowSource(), Position(Json::Object({{"file", "x"}}))).ok());
}
