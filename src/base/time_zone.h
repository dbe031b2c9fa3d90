// The zone in which instants are read and shown: an offset from UTC, fixed or changing with time.
//
// A small value. It remembers the stretch between two transitions that it was asked about last, so
// that a row costs a comparison; a fixed offset has only one such stretch. For that reason one
// value belongs to one thread: copy it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace {

class TimeZone final {
 public:
  TimeZone() = default;  // UTC
  static TimeZone Fixed(int64_t offset_us) {
    TimeZone zone;
    zone.offset_us_ = offset_us;
    return zone;
  }
  // "UTC", "GMT", "Z", "+08:00", "GMT+8", a name of the time zone database such as Asia/Shanghai,
  // or "default" (or nothing), the zone of the machine (TZ, else /etc/localtime). Nothing for other
  // text.
  static std::optional<TimeZone> Parse(std::string_view name);

  bool is_fixed() const { return zone_ == nullptr; }

  // The wall clock at an instant; both in microseconds since 1970-01-01 00:00:00.
  int64_t ToLocal(int64_t instant_us) const {
    if (instant_us < begin_us_ || instant_us >= end_us_) [[unlikely]]
      Find(instant_us);
    return instant_us + offset_us_;
  }
  // Which of two instants is meant, where clocks were put back.
  enum class Repeated : uint8_t {
    kFirst,   // as java.time
    kSecond,  // as java.util.Calendar
  };
  // The instant of a wall clock. Where clocks were put forward, a time that never was counts from
  // before the jump.
  int64_t ToInstant(int64_t local_us, Repeated repeated = Repeated::kFirst) const {
    return is_fixed() ? local_us - offset_us_ : FindInstant(local_us, repeated);
  }
  // Microseconds east of UTC at an instant.
  int64_t OffsetAt(int64_t instant_us) const { return ToLocal(instant_us) - instant_us; }

  bool operator==(const TimeZone& other) const {
    return zone_ == other.zone_ && (zone_ != nullptr || offset_us_ == other.offset_us_);
  }

 private:
  void Find(int64_t instant_us) const;
  int64_t FindInstant(int64_t local_us, Repeated repeated) const;

  const void* zone_ = nullptr;  // a ZoneRules, which lives as long as the process
  mutable int64_t offset_us_ = 0;
  mutable int64_t begin_us_ = INT64_MIN;  // offset_us_ holds from here
  mutable int64_t end_us_ = INT64_MAX;    // to here
};

}  // namespace millrace
