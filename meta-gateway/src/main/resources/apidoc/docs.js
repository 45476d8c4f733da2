// Shows /api/v1/openapi.json and sends requests as it describes them. Text only ever becomes text.

const METHODS = ['get', 'post', 'put', 'patch', 'delete']
const api = await (await fetch('/api/v1/openapi.json')).json()
const session = await signedIn()

document.getElementById('about').textContent = api.info.description
document.getElementById('who').textContent = session
  ? `Signed in as ${session.username} (${session.role}).`
  : 'Not signed in: give a token, or sign in at the console.'
document.getElementById('operations').replaceChildren(...byTag().flatMap(([tag, operations]) =>
  [element('h2', {}, tag), ...operations.map(shown)]))

async function signedIn() {
  const answer = await fetch('/api/v1/session')
  return answer.ok ? answer.json() : null
}

function byTag() {
  const tags = new Map()
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const operation = {path, method, ...item[method]}
      operation.parameters = [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(resolved)
      const tag = operation.tags[0]
      tags.set(tag, [...(tags.get(tag) ?? []), operation])
    }
  }
  return [...tags]
}

function shown(operation) {
  const form = element('form', {},
    ...(operation.description ? [element('small', {}, operation.description)] : []),
    ...operation.parameters.map(parameterField),
    ...bodyField(operation),
    element('small', {}, 'Answers: ' + Object.entries(operation.responses)
      .map(([status, answer]) => `${status} ${resolved(answer).description}`).join(' · ')),
    element('button', {type: 'submit'}, 'Send'))
  const answer = element('pre', {hidden: '', role: 'status'})
  form.append(answer)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send(operation, new FormData(form), answer)
  })
  return element('details', {id: operation.operationId},
    element('summary', {},
      element('span', {class: 'method'}, operation.method.toUpperCase()),
      element('span', {class: 'path'}, operation.path),
      element('span', {}, operation.summary),
      element('span', {class: 'role'}, operation['x-role'] ?? 'anyone')),
    form)
}

function parameterField(parameter) {
  const allowed = resolved(parameter.schema).enum
  const about = [parameter.description, allowed && `one of ${allowed.join(', ')}`].filter(Boolean).join('; ')
  const input = element('input', {name: `${parameter.in}:${parameter.name}`, autocomplete: 'off'})
  input.required = parameter.required === true
  return element('label', {}, `${parameter.name} (${parameter.in})`, input, ...(about ? [element('small', {}, about)] : []))
}

function bodyField(operation) {
  if (!operation.requestBody) return []
  const [type, {schema}] = Object.entries(operation.requestBody.content)[0]
  const text = element('textarea', {name: 'body', spellcheck: 'false'})
  text.value = JSON.stringify(example(schema), null, 2)
  return [element('label', {}, type, text)]
}

function example(reference) {
  const schema = resolved(reference)
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(example))
  if (schema.examples) return schema.examples[0]
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum[0]
  const type = [schema.type].flat()[0]
  if (type === 'object') {
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, example(inner)]))
  }
  if (type === 'array') return []
  return {string: '', integer: schema.minimum ?? 0, number: 0, boolean: false}[type] ?? null
}

async function send(operation, fields, answer) {
  const token = document.getElementById('token').value.trim()
  const headers = new Headers()
  const query = new URLSearchParams()
  let path = operation.path
  for (const [name, value] of fields) {
    const [place, key] = name.split(/:(.*)/)
    if (value === '') continue
    if (place === 'path') path = path.replace(`{${key}}`, encodeURIComponent(value))
    if (place === 'query') query.append(key, value)
    if (place === 'header') headers.set(key, value)
  }
  if (token) headers.set('Authorization', `Bearer ${token}`)
  else if (session?.csrf_token) headers.set('X-CSRF-Token', session.csrf_token)
  if (operation.requestBody) headers.set('Content-Type', Object.keys(operation.requestBody.content)[0])
  answer.hidden = false
  answer.textContent = 'Waiting…'
  try {
    const got = await fetch(path + (query.size ? `?${query}` : ''), {
      method: operation.method.toUpperCase(),
      headers,
      body: operation.requestBody ? fields.get('body') : undefined,
      credentials: token ? 'omit' : 'same-origin',
    })
    if ((got.headers.get('Content-Type') ?? '').startsWith('text/event-stream')) {
      answer.textContent = `${got.status}: the events come for as long as one listens; see the console.`
      await got.body.cancel()
      return
    }
    const interesting = ['location', 'etag', 'retry-after', 'idempotent-replayed']
      .filter((name) => got.headers.has(name)).map((name) => `${name}: ${got.headers.get(name)}\n`).join('')
    answer.textContent = `${got.status}\n${interesting}\n${pretty(await got.text())}`
  } catch (failure) {
    answer.textContent = `No answer: ${failure.message}`
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function resolved(node) {
  return node.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at[key], api) : node
}

function element(name, attributes, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}
