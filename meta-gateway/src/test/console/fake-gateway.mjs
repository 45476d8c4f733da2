// A stand-in for the gateway while one works on the console's pages: its REST shapes, made-up data, no database.
// Start it with `node fake-gateway.mjs [port]`: it prints its port. Every password is right but "wrong"; the users
// viewer and operator have that role, all others are admins.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { routes, stream } from './fake-api.mjs';

const CONSOLE = fileURLToPath(new URL('../../main/resources/console/', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/api/v1/live') {
    stream(request, response);
  } else if (url.pathname.startsWith('/api/v1/')) {
    await api(request, response, url);
  } else {
    await file(response, url.pathname.startsWith('/console/') ? url.pathname.slice(9) : 'index.html');
  }
}).listen(Number(process.argv[2] ?? 8099), '127.0.0.1', function () {
  console.log(this.address().port);
});

async function file(response, path) {
  const name = join(CONSOLE, normalize('/' + path));
  try {
    const body = await readFile(name);
    response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'text/plain', 'Content-Security-Policy': POLICY });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

async function api(request, response, url) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  const path = url.pathname.slice('/api/v1'.length);
  for (const [method, pattern, answer] of routes) {
    const found = method === request.method && pattern.exec(path);
    if (found) {
      const asked = { query: Object.fromEntries(url.searchParams), body: text ? JSON.parse(text) : null, headers: request.headers };
      const { status = 200, data, headers = {} } = answer(asked, ...found.slice(1).map(decodeURIComponent));
      const type = status >= 400 ? 'application/problem+json' : 'application/json';
      response.writeHead(status, { 'Content-Type': type, ...headers });
      response.end(data === undefined ? '' : JSON.stringify(data));
      return;
    }
  }
  response.writeHead(404, { 'Content-Type': 'application/problem+json' }).end('{"status":404,"title":"Not Found"}');
}
