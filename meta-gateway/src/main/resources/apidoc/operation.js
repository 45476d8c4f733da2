// One operation: what it takes, a form to try it, what it answers.
import { about, properties, resolved, typeOf } from './document.js'
import { element } from './element.js'
import { curl, requestOf, send } from './send.js'
import { t } from './words.js'

export function shown(operation) {
  const content = element('div', {class: 'operation'})
  const details = element('details', {id: operation.operationId},
    element('summary', {},
      element('span', {class: `method ${operation.method}`}, operation.method.toUpperCase()),
      element('span', {class: 'path'}, operation.path),
      element('span', {class: 'what'}, operation.summary),
      element('span', {class: 'role'}, operation['x-role'] ?? t('anyone'))),
    content)
  // Made when it is first looked at: there are many.
  details.addEventListener('toggle', () => {
    if (details.open && !content.hasChildNodes()) content.append(...inside(operation))
  })
  return details
}

function inside(operation) {
  const answer = element('div', {class: 'answer'})
  const command = element('pre', {tabindex: '0', 'aria-label': t('curl')})
  const form = element('form', {},
    operation.parameters.map(field),
    bodyField(operation),
    element('button', {type: 'submit'}, t('send')))
  const request = () => requestOf(operation, new FormData(form))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send(request(), operation.method, answer)
  })
  const update = () => { command.textContent = curl(request()) }
  form.addEventListener('input', update)
  update()
  return [
    operation.description && element('p', {}, operation.description),
    form,
    answer,
    element('details', {class: 'more'}, element('summary', {}, t('curl')), command),
    ...bodyTable(operation),
    ...answers(operation),
  ].filter(Boolean)
}

function field(parameter) {
  const schema = resolved(parameter.schema)
  const list = schema.type === 'array'
  const name = `${list ? 'list' : parameter.in}:${parameter.name}`
  const words = schema.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : null)
  const input = words
    ? element('select', {name}, element('option', {value: ''}, ''), words.map((word) => element('option', {}, word)))
    : element(list ? 'textarea' : 'input', {name, autocomplete: 'off', spellcheck: 'false', rows: list && '2'})
  input.required = parameter.required === true
  const meaning = [about({...schema, description: parameter.description}), list && t('one-a-line')].filter(Boolean).join('; ')
  return element('label', {class: meaning.length > 150 && 'wide'},
    element('span', {}, element('code', {}, parameter.name), ` ${parameter.in}${parameter.required ? t('required') : ''}`),
    input,
    meaning && element('small', {}, meaning))
}

function bodyField(operation) {
  if (!operation.requestBody) return null
  const [type, {example}] = Object.entries(operation.requestBody.content)[0]
  const body = JSON.stringify(example, null, 2)
  const text = element('textarea', {name: 'body', spellcheck: 'false', rows: Math.min(body.split('\n').length, 20)})
  text.value = body
  return element('label', {class: 'wide'}, element('span', {}, `${t('body')} `, element('code', {}, type)), text)
}

function bodyTable(operation) {
  const content = operation.requestBody?.content
  return content ? [table(t('body-table'), Object.values(content)[0].schema)] : []
}

function answers(operation) {
  const all = Object.entries(operation.responses).map(([status, answer]) => [status, resolved(answer)])
  const good = all.filter(([status]) => status.startsWith('2'))
  return [
    ...good.flatMap(([status, {content}]) => {
      const json = content?.['application/json']
      return json ? [table(t('what-it-has', {status}), json.schema)] : []
    }),
    element('details', {class: 'more', open: true},
      element('summary', {}, t('answers')),
      element('dl', {}, all.flatMap(([status, answer]) =>
        [element('dt', {class: status.startsWith('2') ? 'good' : ''}, status), element('dd', {}, answer.description)]))),
  ]
}

function table(title, schema) {
  const rows = properties(schema)
  if (!rows.length) return element('p', {class: 'more'}, `${title}: ${typeOf(schema)}`)
  return element('details', {class: 'more'},
    element('summary', {}, title),
    element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title},
      element('table', {},
        element('thead', {}, element('tr', {}, ['property', 'type', 'meaning'].map((head) => element('th', {scope: 'col'}, t(head))))),
        element('tbody', {}, rows.map((row) => element('tr', {},
          element('th', {scope: 'row'}, element('code', {}, row.path), row.required ? '' : element('small', {}, t('optional'))),
          element('td', {}, row.type),
          element('td', {}, row.about)))))))
}
