package io.migr.replay;

import io.migr.runtime.config.TimeArgument;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.OffsetRange;
import io.migr.schemas.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Which recorded requests or clips a replay reads, as given on the command line.
 *
 * @param from only what was recorded at or after this time, in a form that {@link TimeArgument} parses; null: no limit
 * @param to only what was recorded before this time, in the same form; null: all that exists now
 * @param offsets offsets instead of times: {@code PARTITION:FROM-TO}, {@code TO} exclusive, several separated by
 *     commas; null: by time
 * @param call only the records of this call; null: of all calls
 */
public record ReplayRange(String from, String to, String offsets, String call) {
    private static final Pattern PART = Pattern.compile("(\\d{1,9}):(\\d{1,18})-(\\d{1,18})");

    /**
     * A range in offsets.
     *
     * @param lost a sentence that names what may be missing because retention deleted it; empty: nothing
     */
    public record Resolved(List<OffsetRange> ranges, String lost) {}

    /** The options that were given, as on the command line; empty if none. */
    public String optionText() {
        List<String> words = new ArrayList<>();
        Map<String, String> all = new TreeMap<>();
        all.put("--from", from);
        all.put("--to", to);
        all.put("--offsets", offsets);
        all.put("--call", call);
        all.forEach((name, value) -> {
            if (value != null) {
                words.add(name + " " + value);
            }
        });
        return String.join(" ", words);
    }

    /**
     * The range in offsets, as of now.
     *
     * @param recorded the topic to read
     * @throws IllegalArgumentException if the range is invalid or empty
     */
    public Resolved resolve(KafkaClients clients, Topic recorded) {
        Instant start = time("--from", from);
        Instant end = time("--to", to);
        if (offsets != null && (from != null || to != null)) {
            throw new IllegalArgumentException("--offsets already gives the range; leave out --from and --to.");
        }
        if (start != null && end != null && !start.isBefore(end)) {
            throw new IllegalArgumentException("--from " + from + " is not before --to " + to + ".");
        }
        String topic = clients.name(recorded);
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList();
            Map<TopicPartition, Long> first = consumer.beginningOffsets(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places);
            List<OffsetRange> ranges = new ArrayList<>(
                    offsets == null ? byTime(consumer, first, ends, start, end) : byOffsets(first, ends, topic));
            String lost = lost(recorded, topic, ranges, first);
            ranges.removeIf(range -> range.getFrom() >= range.getTo());
            if (ranges.isEmpty()) {
                long kept = places.stream()
                        .mapToLong(place -> ends.get(place) - first.get(place))
                        .sum();
                throw new IllegalArgumentException(
                        (recorded == Topic.CLIPS ? "No clip" : "No request") + " was recorded in that range ("
                                + (optionText().isEmpty() ? "everything" : optionText()) + "). " + topic
                                + " keeps them for " + recorded.retention().toDays()
                                + " days unless configured otherwise and has "
                                + (kept == 0 ? "none." : kept + " offsets now.") + (lost.isEmpty() ? "" : " " + lost));
            }
            return new Resolved(ranges, lost);
        }
    }

    /** Names the partitions whose first records are gone, if the range starts at their first remaining offset. */
    private static String lost(
            Topic recorded, String topic, List<OffsetRange> ranges, Map<TopicPartition, Long> first) {
        String below = ranges.stream()
                .filter(range -> range.getFrom() > 0)
                .filter(range -> range.getFrom() == (long) first.get(new TopicPartition(topic, range.getPartition())))
                .map(range -> range.getFrom() + " in partition " + range.getPartition())
                .collect(Collectors.joining(", "));
        return below.isEmpty()
                ? ""
                : "The offsets below " + below + " of " + topic + " were deleted by retention; any part of the range"
                        + " there cannot be replayed"
                        + (recorded == Topic.CLIPS
                                ? " from media. Its requests may still exist: leave out --from-media."
                                : ".");
    }

    private static Instant time(String option, String text) {
        if (text == null) {
            return null;
        }
        Instant time;
        try {
            time = TimeArgument.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
        if (time.isAfter(Instant.now())) {
            throw new IllegalArgumentException(
                    option + " " + text + " is in the future; a replay reads what was recorded before it starts."
                            + (option.equals("--to") ? " Leave --to out for all there is now." : ""));
        }
        return time;
    }

    private static List<OffsetRange> byTime(
            KafkaConsumer<String, byte[]> consumer,
            Map<TopicPartition, Long> first,
            Map<TopicPartition, Long> ends,
            Instant start,
            Instant end) {
        Map<TopicPartition, Long> from = at(consumer, start, first, ends);
        Map<TopicPartition, Long> to = at(consumer, end, ends, ends);
        return first.keySet().stream()
                .sorted(java.util.Comparator.comparing(TopicPartition::partition))
                .map(place -> new OffsetRange(place.topic(), place.partition(), from.get(place), to.get(place)))
                .toList();
    }

    /** The offset of each partition's first record at or after a time; {@code otherwise} if no time is given. */
    private static Map<TopicPartition, Long> at(
            KafkaConsumer<String, byte[]> consumer,
            Instant time,
            Map<TopicPartition, Long> otherwise,
            Map<TopicPartition, Long> ends) {
        if (time == null) {
            return otherwise;
        }
        Map<TopicPartition, Long> asked = new HashMap<>();
        otherwise.keySet().forEach(place -> asked.put(place, time.toEpochMilli()));
        Map<TopicPartition, Long> found = new HashMap<>(ends);
        Map<TopicPartition, OffsetAndTimestamp> answers = consumer.offsetsForTimes(asked);
        answers.forEach((place, answer) -> {
            if (answer != null) {
                found.merge(place, answer.offset(), Math::min);
            }
        });
        return found;
    }

    private List<OffsetRange> byOffsets(Map<TopicPartition, Long> first, Map<TopicPartition, Long> ends, String topic) {
        Map<Integer, OffsetRange> ranges = new TreeMap<>();
        for (String part : offsets.split(",", -1)) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "--offsets: \"" + part + "\" is not a range; use PARTITION:FROM-TO, such as 0:100-200.");
            }
            TopicPartition place = new TopicPartition(topic, Integer.parseInt(matcher.group(1)));
            OffsetRange range = new OffsetRange(
                    topic, place.partition(), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
            if (!first.containsKey(place)) {
                throw new IllegalArgumentException("--offsets: " + topic + " has the partitions 0 to "
                        + (first.size() - 1) + ", not " + place.partition() + ".");
            }
            if (range.getFrom() < first.get(place) || range.getTo() > ends.get(place)) {
                throw new IllegalArgumentException("--offsets: partition " + place.partition() + " of " + topic
                        + " has the offsets " + first.get(place) + "-" + ends.get(place) + " now, not "
                        + range.getFrom() + "-" + range.getTo() + "."
                        + (range.getFrom() < first.get(place) ? " Earlier ones were deleted by retention." : ""));
            }
            if (ranges.put(place.partition(), range) != null) {
                throw new IllegalArgumentException(
                        "--offsets names partition " + place.partition() + " twice; give one range per partition.");
            }
        }
        return List.copyOf(ranges.values());
    }
}
