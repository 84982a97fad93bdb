package io.migr.streams;

import io.migr.schemas.Topic;

/** The names of topics on one broker. */
record TopicNames(String prefix) {
    String topic(Topic topic) {
        return topic.name(prefix);
    }
}
