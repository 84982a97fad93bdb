package io.migr.cli;

import io.migr.runtime.KafkaClients;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which recorded requests or clips are meant. */
final class ReplayRange {
    private static final Pattern PART = Pattern.compile("(\\d{1,9}):(\\d{1,18})-(\\d{1,18})");

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "records from this time on: 2026-01-31T12:00:00Z, or an age: 90s, 15m, 2h, 7d")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "records before this time; default: all that exist now")
    private String to;

    @Option(
            names = "--offsets",
            paramLabel = "RANGES",
            description = "a range by offsets instead: PARTITION:FROM-TO, without TO itself; several with commas")
    private String offsets;

    @Option(names = "--call", paramLabel = "CALL", description = "of these, only the records of one call")
    private String call;

    private final List<String> gone = new ArrayList<>();

    String call() {
        return call;
    }

    /** What {@link #resolve} found that may be missing in the range, in a line; empty: nothing. */
    List<String> gone() {
        return List.copyOf(gone);
    }

    /** What was said, as it was said; empty: nothing. */
    String words() {
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
     * @param recorded what is read
     * @throws IllegalArgumentException says what is wrong with it, or that nothing is in it
     */
    List<OffsetRange> resolve(KafkaClients clients, Topic recorded) {
        Instant start = time("--from", from);
        Instant end = time("--to", to);
        if (offsets != null && (from != null || to != null)) {
            throw new IllegalArgumentException("--offsets says already what is read; leave out --from and --to.");
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
            Map<TopicPartition, Long> behind = consumer.endOffsets(places);
            List<OffsetRange> ranges = new ArrayList<>(
                    offsets == null ? byTime(consumer, first, behind, start, end) : byPlace(first, behind, topic));
            String lost = lost(recorded, topic, ranges, first);
            ranges.removeIf(range -> range.getFrom() >= range.getTo());
            if (ranges.isEmpty()) {
                long kept = places.stream()
                        .mapToLong(place -> behind.get(place) - first.get(place))
                        .sum();
                throw new IllegalArgumentException(
                        (recorded == Topic.CLIPS ? "No clip" : "No request") + " was recorded in that range ("
                                + (words().isEmpty() ? "everything" : words()) + "). " + topic + " keeps them for "
                                + recorded.retention().toDays() + " days unless configured otherwise and has "
                                + (kept == 0 ? "none." : kept + " offsets now.") + (lost.isEmpty() ? "" : " " + lost));
            }
            if (!lost.isEmpty()) {
                gone.add("migr: " + lost);
            }
            return ranges;
        }
    }

    /** Partitions whose beginning is gone, if the range begins where they begin now. */
    private static String lost(
            Topic recorded, String topic, List<OffsetRange> ranges, Map<TopicPartition, Long> first) {
        String below = ranges.stream()
                .filter(range -> range.getFrom() > 0)
                .filter(range -> range.getFrom() == (long) first.get(new TopicPartition(topic, range.getPartition())))
                .map(range -> range.getFrom() + " in partition " + range.getPartition())
                .collect(Collectors.joining(", "));
        return below.isEmpty()
                ? ""
                : "Of " + topic + " the offsets below " + below + " are gone by retention; what of the range lay there"
                        + " cannot be replayed"
                        + (recorded == Topic.CLIPS
                                ? " from media. Its requests may be there longer: leave out --from-media."
                                : ".");
    }

    private static Instant time(String option, String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant time = new DeadLetterFilter.Time().convert(text);
            if (time.isAfter(Instant.now())) {
                throw new IllegalArgumentException(
                        option + " " + text + " is in the future; a replay reads what was recorded before it starts."
                                + (option.equals("--to") ? " Leave --to out for all there is now." : ""));
            }
            return time;
        } catch (TypeConversionException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
    }

    private static List<OffsetRange> byTime(
            KafkaConsumer<String, byte[]> consumer,
            Map<TopicPartition, Long> first,
            Map<TopicPartition, Long> behind,
            Instant start,
            Instant end) {
        Map<TopicPartition, Long> from = at(consumer, start, first, behind);
        Map<TopicPartition, Long> to = at(consumer, end, behind, behind);
        return first.keySet().stream()
                .sorted(java.util.Comparator.comparing(TopicPartition::partition))
                .map(place -> new OffsetRange(place.topic(), place.partition(), from.get(place), to.get(place)))
                .toList();
    }

    /** Offsets of the first records that are not before a time. */
    private static Map<TopicPartition, Long> at(
            KafkaConsumer<String, byte[]> consumer,
            Instant time,
            Map<TopicPartition, Long> without,
            Map<TopicPartition, Long> behind) {
        if (time == null) {
            return without;
        }
        Map<TopicPartition, Long> asked = new HashMap<>();
        without.keySet().forEach(place -> asked.put(place, time.toEpochMilli()));
        Map<TopicPartition, Long> found = new HashMap<>(behind);
        Map<TopicPartition, OffsetAndTimestamp> answers = consumer.offsetsForTimes(asked);
        answers.forEach((place, answer) -> {
            if (answer != null) {
                found.merge(place, answer.offset(), Math::min);
            }
        });
        return found;
    }

    private List<OffsetRange> byPlace(Map<TopicPartition, Long> first, Map<TopicPartition, Long> behind, String topic) {
        Map<Integer, OffsetRange> ranges = new TreeMap<>();
        for (String part : offsets.split(",", -1)) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "--offsets: \"" + part + "\" is no range; say PARTITION:FROM-TO, for example 0:100-200.");
            }
            TopicPartition place = new TopicPartition(topic, Integer.parseInt(matcher.group(1)));
            OffsetRange range = new OffsetRange(
                    topic, place.partition(), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
            if (!first.containsKey(place)) {
                throw new IllegalArgumentException("--offsets: " + topic + " has the partitions 0 to "
                        + (first.size() - 1) + ", not " + place.partition() + ".");
            }
            if (range.getFrom() < first.get(place) || range.getTo() > behind.get(place)) {
                throw new IllegalArgumentException("--offsets: partition " + place.partition() + " of " + topic
                        + " has the offsets " + first.get(place) + "-" + behind.get(place) + " now, not "
                        + range.getFrom() + "-" + range.getTo() + "."
                        + (range.getFrom() < first.get(place) ? " What lay before is gone by retention." : ""));
            }
            if (ranges.put(place.partition(), range) != null) {
                throw new IllegalArgumentException(
                        "--offsets names partition " + place.partition() + " twice; one range each.");
            }
        }
        return List.copyOf(ranges.values());
    }
}
