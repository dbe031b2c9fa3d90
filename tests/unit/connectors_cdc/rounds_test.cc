#include "connectors/cdc/rounds.h"

#include <doctest/doctest.h>

#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace millrace;
using namespace millrace::cdc;

namespace {

// What happened, in order, of all threads.
class Story final {
 public:
  void Add(const std::string& what) {
    std::lock_guard lock(mutex_);
    lines_.push_back(what);
  }
  std::vector<std::string> Take() {
    std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

class FakeLog final : public Log<int> {
 public:
  explicit FakeLog(Story* story) : story_(*story) {}
  const int& position() const override { return position_; }
  Result<int> End() override {
    if (!failure.ok()) return failure;
    return end;
  }
  Status ReadUntil(const int& until, const int& view) override {
    story_.Add("changes until " + std::to_string(until) + ", view at " + std::to_string(view));
    position_ = until;
    return Status::Ok();
  }
  Status EmitPosition() override {
    story_.Add("position " + std::to_string(position_));
    return Status::Ok();
  }

  int end = 0;
  Status failure;

 private:
  Story& story_;
  int position_ = 1;
};

class FakeReader final : public Reader<int> {
 public:
  FakeReader(std::string name, Story* story) : name_(std::move(name)), story_(*story) {}
  Result<int> OpenView(const int& visible) override {
    story_.Add(name_ + " view at " + std::to_string(visible));
    return visible + 1;
  }
  Result<bool> ReadChunk(const std::atomic<bool>& over) override {
    if (wait_for_over) {
      while (!over) std::this_thread::yield();
    }
    if (!failure.ok()) return failure;
    if (chunks == 0) return false;
    --chunks;
    story_.Add(name_ + " chunk");
    if (on_chunk) on_chunk();
    return true;
  }
  Status CloseView() override {
    story_.Add(name_ + " close");
    return Status::Ok();
  }

  int chunks = 0;
  bool wait_for_over = false;
  Status failure;
  std::function<void()> on_chunk;

 private:
  const std::string name_;
  Story& story_;
};

struct World {
  Story story;
  FakeLog log{&story};
  FakeReader a{"a", &story};
  FakeReader b{"b", &story};
  Rounds<int> rounds{{&SystemClock(), 30'000, "test-reader"}};

  Status Run(std::vector<Reader<int>*> readers) { return rounds.Run(&log, readers); }
};

}  // namespace

TEST_CASE("a round reads chunks in its views, then the changes, and ends with a position") {
  World world;
  world.a.chunks = 2;
  world.log.end = 5;
  REQUIRE(world.Run({&world.a}).ok());
  CHECK(world.story.Take() == std::vector<std::string>{"a view at 1", "a chunk", "a chunk",
                                                       "a close", "changes until 5, view at 2",
                                                       "position 5"});
  world.log.end = 9;  // the next one goes on from there
  REQUIRE(world.Run({&world.a}).ok());
  CHECK(world.story.Take() == std::vector<std::string>{"a view at 5", "a close",
                                                       "changes until 9, view at 6", "position 9"});
}

TEST_CASE("all readers have read before any view is closed") {
  World world;
  world.a.chunks = 3;
  world.b.chunks = 3;
  world.log.end = 5;
  REQUIRE(world.Run({&world.a, &world.b}).ok());
  const std::vector<std::string> story = world.story.Take();
  REQUIRE(story.size() == 12);
  CHECK(story[8] == "a close");
  CHECK(story[9] == "b close");
}

TEST_CASE("a request ends the round after the chunk at hand") {
  World world;
  world.a.chunks = 100;
  world.a.on_chunk = [&] { world.rounds.EndRound(); };
  REQUIRE(world.Run({&world.a}).ok());
  CHECK(world.a.chunks == 99);
  world.a.on_chunk = nullptr;
  REQUIRE(world.Run({&world.a}).ok());  // the position has satisfied the request
  CHECK(world.a.chunks == 0);
}

TEST_CASE("a request between two rounds is not lost") {
  World world;
  world.a.chunks = 3;
  world.rounds.EndRound();
  REQUIRE(world.Run({&world.a}).ok());
  CHECK(world.a.chunks == 3);
}

TEST_CASE("a failure of one reader ends the others and is the result") {
  World world;
  world.a.failure = Status::Permanent("row of t does not match");
  world.b.wait_for_over = true;
  world.b.failure = Status::Cancelled();
  const Status status = world.Run({&world.b, &world.a});
  CHECK(status.message() == "row of t does not match");
  for (const std::string& line : world.story.Take()) CHECK(line.find("position") == line.npos);
}

TEST_CASE("an exception in a reader's thread is a failure") {
  World world;
  world.a.chunks = 1;
  world.a.on_chunk = [] { throw std::runtime_error("boom"); };
  const Status status = world.Run({&world.a});
  CHECK(status.message().find("boom") != std::string::npos);
}

TEST_CASE("without the end of the log no position is emitted") {
  World world;
  world.log.failure = Status::Transient("gone");
  CHECK(world.Run({&world.a}).transient());
  CHECK(world.story.Take() == std::vector<std::string>{"a view at 1", "a close"});
}
