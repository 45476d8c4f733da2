// Prints what is found and measured: node print-events.js 127.0.0.1:9092
import { Kafka, logLevel } from "kafkajs";

const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: process.argv[3] ?? "example-javascript" });
const seen = new Set();

await consumer.connect();
await consumer.subscribe({
  topics: ["cadastre.databases-discovered.v1", "cadastre.sizes-collected.v1"],
  fromBeginning: true,
});
await consumer.run({
  eachMessage: async ({ message }) => {
    const id = message.headers.ce_id.toString();
    if (seen.has(id)) return; // A re-send has the id of the first.
    seen.add(id);
    const data = JSON.parse(message.value);
    switch (message.headers.ce_type.toString()) {
      case "io.cadastre.DatabasesDiscovered.v1":
        for (const it of data.databases) console.log(`found ${it.name}`);
        break;
      case "io.cadastre.SizesCollected.v1":
        for (const it of data.databases) console.log(`${it.name} ${it.size_bytes} bytes`);
        break;
    }
  },
});
