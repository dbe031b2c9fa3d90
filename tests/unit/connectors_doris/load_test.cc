#include "connectors/doris/load.h"

#include <doctest/doctest.h>

#include <cstring>

#include "unit/connectors_doris/fake_doris.h"

namespace millrace::doris {
namespace {

// What one load needs, over a model of Doris.
struct World {
  World() {
    context.api = api.get();
    context.committer = &committer;
    context.clock = &clock;
    context.log = &log;
    context.stop = &stop;
    context.labels = &labels;
    context.database = "d";
    context.table = "d.t";
    context.headers = {"format: json"};
  }

  Result<std::unique_ptr<Load>> Begin() { return Load::Begin(context, &name); }

  // The verdict over a load of one row, whose answer is changed.
  Result<Transaction> Verdict(std::function<void(LoadAnswer*)> change) {
    doris.change_verdict = std::move(change);
    auto load = Begin();
    REQUIRE(load.ok());
    REQUIRE(Send(load->get(), "{\"id\":1,\"name\":\"a\"}\n").ok());
    (*load)->End();
    return (*load)->Finish(1);
  }

  static Status Send(Load* load, std::string_view text) {
    UploadBuffer buffer = load->Take();
    std::memcpy(buffer.bytes.get(), text.data(), text.size());
    buffer.size = text.size();
    return load->Send(std::move(buffer));
  }

  FakeDoris doris;
  FakeClock clock;
  Log log{LogLevel::kOff, stderr};
  StopToken stop{&clock};
  std::unique_ptr<StreamLoadApi> api = doris.Connect();
  Committer committer{api.get(), &clock, &log, &stop};
  const Labels labels{"p", "d", "t", "job", "sink"};
  LoadName name;
  LoadContext context;
};

bool Says(const Status& status, std::string_view text) {
  return status.message().find(text) != std::string::npos;
}

LoadAnswer Answer(const char* status, const char* message) {
  LoadAnswer answer;
  answer.status = status;
  answer.message = message;
  return answer;
}

TEST_CASE("a load that goes well is a transaction with its rows and bytes") {
  World world;
  const auto transaction = world.Verdict(nullptr);
  REQUIRE(transaction.ok());
  CHECK(*transaction == Transaction{"d", world.labels.Of({}), 1, 1, 20});
  CHECK(world.doris.Count(FakeDoris::State::kPrecommitted) == 1);
}

TEST_CASE("a label that is used by a committed load is left to it") {
  World world;
  LoadAnswer used = Answer("Label Already Exists", "used");
  used.existing_job_status = "FINISHED";
  world.doris.refusals = {used, used};
  const auto load = world.Begin();
  REQUIRE(load.ok());
  CHECK(world.name.incarnation == 3);
  CHECK((*load)->label() == world.labels.Of({3, 1, 0, 1}));
}

TEST_CASE("an unfinished load with the label is aborted") {
  World world;
  auto first = world.Begin();
  REQUIRE(first.ok());
  const auto second = world.Begin();
  REQUIRE(second.ok());
  CHECK((*first)->label() == (*second)->label());
  CHECK(world.doris.Count(FakeDoris::State::kAborted) == 1);
  const Status sent = World::Send(first->get(), "x\n");
  CHECK(sent.transient());
  CHECK(Says(sent, "before the body was complete"));
  // What has ended stays ended, and says so.
  CHECK((*first)->Take().room() == 0);
  CHECK(!(*first)->Send({}).ok());
  (*first)->End();
  CHECK(!(*first)->Finish(1).ok());
}

TEST_CASE("a begin that fails for now is repeated, one that fails for good is not") {
  World world;
  world.doris.refusals = {Answer("Fail", "no backend"), Answer("Fail", "no backend")};
  CHECK(world.Begin().ok());
  world.doris.refusals = {Answer("Fail", "[ANALYSIS_ERROR]no"),
                          Answer("Fail", "[ANALYSIS_ERROR]no")};
  const Status refused = world.Begin().status();
  CHECK(!refused.transient());
  CHECK(Says(refused, "Doris refused load"));
  CHECK(world.doris.refusals.size() == 1);
  world.doris.refusals = std::deque<LoadAnswer>(100, Answer("Fail", "no backend"));
  CHECK(world.Begin().status().transient());
}

TEST_CASE("a stop ends the attempts to begin") {
  World world;
  world.doris.refusals = std::deque<LoadAnswer>(100, Answer("Fail", "no backend"));
  world.stop.RequestAt(150);
  CHECK(world.Begin().status().cancelled());
  CHECK(world.doris.refusals.size() >= 97);
}

TEST_CASE("rows that Doris refuses are quoted from its error log") {
  World world;
  world.doris.error_log = "Reason: one\nReason: two\nReason: three\nReason: four";
  const Status status = world
                            .Verdict([](LoadAnswer* answer) {
                              answer->status = "Fail";
                              answer->message = "[DATA_QUALITY_ERROR]too many filtered rows";
                              answer->error_url = "http://be/log";
                            })
                            .status();
  CHECK(!status.transient());
  CHECK(Says(status, "[DATA_QUALITY_ERROR]too many filtered rows\n  Reason: one\n  Reason: two\n"));
  CHECK(!Says(status, "four"));
}

TEST_CASE("a backend without two-phase commit is named with its setting") {
  World world;
  const Status status = world
                            .Verdict([](LoadAnswer* answer) {
                              answer->status = "Fail";
                              answer->message =
                                  "Two phase commit (2PC) for stream load was disabled";
                            })
                            .status();
  CHECK(!status.transient());
  CHECK(Says(status, "disable_stream_load_2pc = false"));
}

TEST_CASE("a success that is not what was asked for is aborted and reported") {
  const std::vector<std::pair<const char*, std::function<void(LoadAnswer*)>>> cases = {
      {"immediately; two-phase commit is off", [](LoadAnswer* a) { a->two_phase = false; }},
      {"cannot be found again", [](LoadAnswer* a) { a->label = "other"; }},
      {"Doris counted 2 rows", [](LoadAnswer* a) { a->total_rows = 2; }},
      {"1 of them filtered", [](LoadAnswer* a) { a->filtered_rows = 1; }},
      {"named no transaction", [](LoadAnswer* a) { a->transaction = -1; }}};
  for (const auto& [text, change] : cases) {
    CAPTURE(text);
    World world;
    const Status status = world.Verdict(change).status();
    CHECK(!status.ok());
    CHECK(!status.transient());
    CHECK(Says(status, text));
    const bool named = std::string_view(text) != "named no transaction";
    CHECK(world.doris.Count(FakeDoris::State::kAborted) == (named ? 1 : 0));
  }
}

}  // namespace
}  // namespace millrace::doris
