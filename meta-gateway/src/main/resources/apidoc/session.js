// Who asks: the session of the console's cookie, or a token that is kept in this page alone.
import { element } from './element.js'
import { t } from './words.js'

let session = null

export async function showSession(place) {
  const answer = await fetch('/api/v1/session')
  session = answer.ok ? await answer.json() : null
  const token = element('input', {id: 'token', type: 'password', autocomplete: 'off', placeholder: 'cad_…'})
  const kept = document.getElementById('token')?.value ?? ''
  token.value = kept
  place.replaceChildren(
    session ? signedIn(place) : signIn(place),
    element('label', {}, t('token'), token, element('small', {}, t('token-about'))))
}

function signedIn(place) {
  const end = async () => {
    await fetch('/api/v1/session', {method: 'DELETE', headers: {'X-CSRF-Token': session.csrf_token}})
    await showSession(place)
  }
  return element('div', {class: 'session'},
    element('p', {role: 'status'}, t('signed-in', session)),
    element('button', {type: 'button', onclick: end}, t('sign-out')))
}

function signIn(place) {
  const wrong = element('p', {role: 'alert'})
  const begin = async (event) => {
    event.preventDefault()
    const given = Object.fromEntries(new FormData(event.target))
    const answer = await fetch('/api/v1/session', {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(given),
    })
    if (answer.ok) await showSession(place)
    else wrong.textContent = (await answer.json()).detail
  }
  return element('form', {class: 'session', onsubmit: begin},
    element('label', {}, t('username'), element('input', {name: 'username', autocomplete: 'username', required: true})),
    element('label', {}, t('password'),
      element('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true})),
    element('button', {type: 'submit'}, t('sign-in')),
    wrong)
}

// How a request says who asks.
export function credentials(method) {
  const token = document.getElementById('token').value.trim()
  if (token) return {headers: {Authorization: `Bearer ${token}`}, credentials: 'omit'}
  const headers = session?.csrf_token && method !== 'get' ? {'X-CSRF-Token': session.csrf_token} : {}
  return {headers, credentials: 'same-origin'}
}
