// Who is signed in, and what that role may do.
import { call, useCsrfToken } from './api.js';

const RANK = { viewer: 0, operator: 1, admin: 2 };

let current = null;

export function session() {
  return current;
}

export function may(role) {
  return current !== null && RANK[current.role] >= RANK[role];
}

// Null when nobody is signed in.
export async function resume() {
  try {
    return adopt((await call('GET', '/session')).data);
  } catch (problem) {
    if (problem.status === 401) {
      return null;
    }
    throw problem;
  }
}

export async function signIn(username, password) {
  return adopt((await call('POST', '/session', { body: { username, password } })).data);
}

export async function signOut() {
  await call('DELETE', '/session');
  adopt(null);
}

function adopt(next) {
  current = next;
  useCsrfToken(next && next.csrf_token);
  return next;
}
