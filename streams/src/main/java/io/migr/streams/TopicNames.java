package io.migr.streams;

import io.migr.schemas.Topic;

/** The names of topics, all with the same prefix. */
record TopicNames(String prefix) {
    String topic(Topic topic) {
        return topic.name(prefix);
    }
}
