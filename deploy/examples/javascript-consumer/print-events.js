// Prints what is found and measured: node print-events.js 127.0.0.1:9092
import { Kafka, logLevel } from "kafkajs";

const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: process.argv[3] ?? "example-javascript" });
const seen = new Set(); // The newest 10,000: a re-send comes soon or not at all.

await consumer.connect();
await consumer.subscribe({
  topics: ["cadastre.databases-discovered.v1", "cadastre.sizes-collected.v1"],
  fromBeginning: true,
});
await consumer.run({
  eachMessage: async ({ message }) => {
    let data;
    try {
      data = JSON.parse(message.value);
    } catch {
      console.log(`unreadable at offset ${message.offset}`); // Reading it again will not help.
      return;
    }
    const id = `${message.headers.ce_source} ${message.headers.ce_id}`;
    if (seen.has(id)) return; // A re-send has source and id of the first.
    seen.add(id);
    if (seen.size > 10000) seen.delete(seen.values().next().value);
    switch (String(message.headers.ce_type)) {
      // A part of what was found: all parts of one attempt share scan and started_at, the last says so.
      case "io.cadastre.DatabasesDiscovered.v1":
        for (const it of data.databases) console.log(`found ${it.name}`);
        break;
      case "io.cadastre.SizesCollected.v1":
        for (const it of data.databases) console.log(`${it.name} ${it.size_bytes} bytes`);
        break;
    }
  },
});
