// Sends what a form says, and shows what comes back.
import { element } from './element.js'
import { credentials } from './session.js'
import { t } from './words.js'

const SHOWN = ['location', 'etag', 'retry-after', 'allow', 'idempotent-replayed']

// The request that the fields of an operation's form make.
export function requestOf(operation, fields) {
  const headers = {}
  const query = new URLSearchParams()
  let path = operation.path
  for (const [name, value] of fields) {
    const [place, key] = name.split(/:(.*)/)
    if (value === '') continue
    if (place === 'path') path = path.replace(`{${key}}`, encodeURIComponent(value))
    if (place === 'query') query.append(key, value)
    if (place === 'list') value.split('\n').filter(Boolean).forEach((each) => query.append(key, each))
    if (place === 'header') headers[key] = value
  }
  const type = operation.requestBody && Object.keys(operation.requestBody.content)[0]
  if (type) headers['Content-Type'] = type
  return {
    method: operation.method.toUpperCase(),
    address: path + (query.size ? `?${query}` : ''),
    headers,
    body: type ? fields.get('body') : undefined,
  }
}

// The same for a terminal.
export function curl({method, address, headers, body}) {
  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}-H "Authorization: Bearer $TOKEN"`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quoted(body)}`]),
    quoted(location.origin + address),
  ].join(' \\\n  ')
}

// Shows the answer in a place of the page; an endless one until it is stopped.
export async function send(request, method, place) {
  const status = element('p', {role: 'status'}, t('waiting'))
  const text = element('pre', {tabindex: '0', 'aria-label': t('answer')})
  place.replaceChildren(status)
  const who = credentials(method)
  const stop = new AbortController()
  try {
    const answer = await fetch(request.address, {
      method: request.method,
      headers: {...request.headers, ...who.headers},
      body: request.body,
      credentials: who.credentials,
      signal: stop.signal,
    })
    status.textContent = `${answer.status} ${answer.statusText}`
    const headers = SHOWN.filter((name) => answer.headers.has(name)).map((name) => `${name}: ${answer.headers.get(name)}\n`)
    place.append(text)
    if (answer.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      await listen(answer, text, element('button', {type: 'button', onclick: () => stop.abort()}, t('stop')))
    } else {
      text.textContent = [...headers, pretty(await answer.text())].join('\n').trim() || t('no-body')
    }
  } catch (failure) {
    if (!stop.signal.aborted) status.textContent = t('no-answer', {why: failure.message})
  }
}

async function listen(answer, text, button) {
  text.before(button)
  try {
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) text.append(piece)
  } finally {
    button.remove()
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
