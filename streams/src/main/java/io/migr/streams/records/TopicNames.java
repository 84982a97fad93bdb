package io.migr.streams.records;

import io.migr.schemas.Topic;

/** The names of topics, all with the same prefix. */
public record TopicNames(String prefix) {
    public String topic(Topic topic) {
        return topic.name(prefix);
    }
}
