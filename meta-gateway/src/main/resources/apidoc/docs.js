// Shows /api/v1/openapi.json and sends requests as it describes them.
import { element } from './element.js'

const operations = document.getElementById('operations')

try {
  const [{ api, byTag }, { shown }, { showSession }] =
    await Promise.all([import('./document.js'), import('./operation.js'), import('./session.js')])
  document.getElementById('about').append(...api.info.description.trim().split(/\n\s*\n/).map((text) => element('p', {}, text)))
  await showSession(document.getElementById('who'))
  const tags = byTag()
  document.getElementById('tags').replaceChildren(
    ...tags.map((tag) => element('a', {href: `#tag-${tag.name}`}, tag.name)))
  operations.replaceChildren(...tags.map((tag) =>
    element('section', {id: `tag-${tag.name}`, 'aria-labelledby': `title-${tag.name}`},
      element('h2', {id: `title-${tag.name}`}, tag.name),
      element('p', {}, tag.description),
      tag.operations.map(shown))))
  openNamed()
  addEventListener('hashchange', openNamed)
} catch (failure) {
  operations.replaceChildren(element('p', {role: 'alert'}, `The document cannot be shown: ${failure.message}`))
}

// An address such as /api/docs#syncAll leads to an operation.
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (named instanceof HTMLDetailsElement) named.open = true
  named?.scrollIntoView()
}
