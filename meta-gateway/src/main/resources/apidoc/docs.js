// Shows /api/v1/openapi.json and sends requests as it describes them.
import { element } from './element.js'
import { choose, language, LANGUAGES, t } from './words.js'

const place = (id) => document.getElementById(id)
const operations = place('operations')

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
place('console').textContent = t('console')
place('who').setAttribute('aria-label', t('who'))
place('tags').setAttribute('aria-label', t('by-subject'))
operations.firstElementChild.textContent = t('loading')
place('language').append(...Object.entries(LANGUAGES)
  .filter(([other]) => other !== language)
  .map(([other, name]) => element('button', {type: 'button', lang: other === 'zh' ? 'zh-CN' : other, onclick: () => choose(other)}, name)))

try {
  const [{ api, byTag }, { shown }, { showSession }] =
    await Promise.all([import('./document.js'), import('./operation.js'), import('./session.js')])
  place('about').append(...api.info.description.trim().split(/\n\s*\n/).map((text) => element('p', {}, text)))
  await showSession(place('who'))
  const tags = byTag()
  place('tags').replaceChildren(
    ...tags.map((tag) => element('a', {href: `#tag-${tag.name}`}, tag.name)))
  operations.replaceChildren(...tags.map((tag) =>
    element('section', {id: `tag-${tag.name}`, 'aria-labelledby': `title-${tag.name}`},
      element('h2', {id: `title-${tag.name}`}, tag.name),
      element('p', {}, tag.description),
      tag.operations.map(shown))))
  openNamed()
  addEventListener('hashchange', openNamed)
} catch (failure) {
  operations.replaceChildren(element('p', {role: 'alert'}, t('no-document', {why: failure.message})))
}

// An address such as /api/docs#syncAll leads to an operation.
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (named instanceof HTMLDetailsElement) named.open = true
  named?.scrollIntoView()
}
