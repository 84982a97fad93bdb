// Uses @confluentinc/schemaregistry with the schema that migr has registered.
import confluent from '@confluentinc/schemaregistry';
import { session } from './session.mjs';

const { AvroDeserializer, AvroSerializer, SchemaRegistryClient, SerdeType } = confluent;

await session(async ({ registry, topic }) => {
  const client = new SchemaRegistryClient({ baseURLs: [registry] });
  const serializer = new AvroSerializer(client, SerdeType.VALUE, { autoRegisterSchemas: false, useLatestVersion: true });
  const deserializer = new AvroDeserializer(client, SerdeType.VALUE, {});
  return {
    encode: (record) => serializer.serialize(topic, record),
    decode: (value) => deserializer.deserialize(topic, value),
  };
});
