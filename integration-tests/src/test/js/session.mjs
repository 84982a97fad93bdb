// Shared by both clients: kafkajs transports the bytes; encode and decode are from the registry client under test.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;
const LONGEST_MS = 60_000;

/**
 * Executes the JSON options given on the command line and prints the outcome as one line of JSON.
 *
 * write: {brokers, registry, topic, key, record, media}: sends the record with the media file's bytes.
 * read: {brokers, registry, topic, participant}: prints the first record about that participant.
 */
export async function session(client) {
  const options = JSON.parse(process.argv[2]);
  const kafka = new Kafka({ clientId: 'outside', brokers: [options.brokers], logLevel: logLevel.NOTHING });
  const { encode, decode } = await client(options);
  const outcome = options.do === 'write' ? await write(kafka, options, encode) : await read(kafka, options, decode);
  process.stdout.write(JSON.stringify(outcome) + '\n');
}

async function write(kafka, { topic, key, record, media }, encode) {
  const value = await encode({ ...record, media: await readFile(media) });
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const [sent] = await producer.send({ topic, acks: -1, messages: [{ key, value }] });
  await producer.disconnect();
  return { schemaId: value.readInt32BE(1), partition: sent.partition, offset: sent.baseOffset };
}

async function read(kafka, { topic, participant }, decode) {
  const consumer = kafka.consumer({ groupId: randomUUID() });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const found = await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`no record of ${participant} arrived on ${topic}`)), LONGEST_MS).unref();
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer.run({
      eachMessage: async ({ message }) => {
        const record = await decode(message.value);
        if ((record.clip ?? record).participantId === participant) {
          resolve({ key: message.key.toString(), record });
        }
      },
    });
  });
  await consumer.disconnect();
  return found;
}
