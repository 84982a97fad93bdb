package io.migr.streams;

import io.migr.schemas.Topic;

/** Names of topics on one broker. */
record Names(String prefix) {
    String topic(Topic topic) {
        return topic.name(prefix);
    }
}
