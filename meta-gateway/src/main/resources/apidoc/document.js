// The OpenAPI document, and what this page reads out of it.
import { t } from './words.js'

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

export const api = await load()

async function load() {
  const answer = await fetch('/api/v1/openapi.json')
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`)
  return answer.json()
}

// What a reference stands for; what is written beside it goes before.
export function resolved(node) {
  if (!node?.$ref) return node ?? {}
  const {$ref, ...own} = node
  return {...resolved($ref.slice(2).split('/').reduce((at, key) => at[key], api)), ...own}
}

export function byTag() {
  const tags = new Map(api.tags.map((tag) => [tag.name, {...tag, operations: []}]))
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const parameters = [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(resolved)
      tags.get(item[method].tags[0]).operations.push({path, method, ...item[method], parameters})
    }
  }
  return [...tags.values()]
}

// Every property with its path, properties of properties too.
export function properties(node, prefix = '', depth = 0) {
  const schema = resolved(node)
  if (depth > 5) return []
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? [])].flatMap((part) => properties(part, prefix, depth + 1))
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = prefix ? `${prefix}.${name}` : name
    const property = resolved(inner)
    const required = schema.required?.includes(name) ?? false
    return [{path, required, type: typeOf(property), about: about(property)}, ...properties(property, path, depth + 1)]
  })
  const items = schema.items ? properties(schema.items, `${prefix}[]`, depth + 1) : []
  const seen = new Set()
  return [...parts, ...own, ...items].filter((row) => !seen.has(row.path) && seen.add(row.path))
}

export function typeOf(node) {
  const schema = resolved(node)
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(t('or'))
  if (schema.allOf) return 'object'
  const types = [schema.type ?? 'any'].flat().map((type) => (type === 'array' ? t('array', {of: typeOf(schema.items)}) : type))
  const format = schema.format && !schema.format.startsWith('int') ? ` (${schema.format})` : ''
  return types.join(t('or')) + format
}

export function about(node) {
  const schema = resolved(node)
  const {minimum, maximum, minLength, maxLength, enum: words} = schema
  return [
    schema.description?.replace(/\.$/, ''),
    words && t('one-of', {words: words.join(', ')}),
    minimum !== undefined && maximum !== undefined && t('range', {from: minimum, to: maximum}),
    minimum !== undefined && maximum === undefined && t('and-more', {from: minimum}),
    maxLength !== undefined && t('characters', {from: minLength ?? 0, to: maxLength}),
    schema.default !== undefined && t('default', {value: schema.default}),
  ].filter(Boolean).join('; ')
}
