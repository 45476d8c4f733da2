// Who asks: the session of the console's cookie, or a token that is kept in this page alone.
import { element } from './element.js'

let session = null

export async function showSession(place) {
  const answer = await fetch('/api/v1/session')
  session = answer.ok ? await answer.json() : null
  const token = element('input', {id: 'token', type: 'password', autocomplete: 'off', placeholder: 'cad_…'})
  const kept = document.getElementById('token')?.value ?? ''
  token.value = kept
  place.replaceChildren(
    session ? signedIn(place) : signIn(place),
    element('label', {}, 'Or with a bearer token', token, element('small', {}, 'goes before the session, and is gone with this page')))
}

function signedIn(place) {
  const end = async () => {
    await fetch('/api/v1/session', {method: 'DELETE', headers: {'X-CSRF-Token': session.csrf_token}})
    await showSession(place)
  }
  return element('div', {class: 'session'},
    element('p', {role: 'status'}, `Signed in as ${session.username} (${session.role}).`),
    element('button', {type: 'button', onclick: end}, 'Sign out'))
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
    element('label', {}, 'User name', element('input', {name: 'username', autocomplete: 'username', required: true})),
    element('label', {}, 'Password',
      element('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true})),
    element('button', {type: 'submit'}, 'Sign in'),
    wrong)
}

// How a request says who asks.
export function credentials(method) {
  const token = document.getElementById('token').value.trim()
  if (token) return {headers: {Authorization: `Bearer ${token}`}, credentials: 'omit'}
  const headers = session?.csrf_token && method !== 'get' ? {'X-CSRF-Token': session.csrf_token} : {}
  return {headers, credentials: 'same-origin'}
}
