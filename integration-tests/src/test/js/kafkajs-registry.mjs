// Uses @kafkajs/confluent-schema-registry with a hand-written schema.
import { readFile } from 'node:fs/promises';
import registryClient from '@kafkajs/confluent-schema-registry';
import { session } from './session.mjs';

const { SchemaRegistry, SchemaType } = registryClient;

await session(async ({ registry, topic }) => {
  const client = new SchemaRegistry({ host: registry });
  return {
    encode: async (record) => {
      const schema = await readFile(new URL('clip-segment.avsc', import.meta.url), 'utf8');
      const { id } = await client.register({ type: SchemaType.AVRO, schema }, { subject: `${topic}-value` });
      return client.encode(id, record);
    },
    decode: (value) => client.decode(value),
  };
});
