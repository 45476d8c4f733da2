// Signing in, and signing in again over a page whose session ended.
import { html, useEffect, useRef, useState } from './markup.js';
import { t } from './language/words.js';
import { session, signIn } from './session.js';
import { Brand, LanguageButton } from './header.js';
import { Dialog } from './parts/dialog.js';
import { TextField } from './parts/field.js';
import { Notice, ProblemNotice } from './parts/notice.js';

export function SignIn({ onSignedIn, onLanguage }) {
  useEffect(() => {
    document.title = `${t('sign-in.title')} · Cadastre`;
  });
  return html`<main class="sign-in">
    <div class="sign-in-card">
      <${Brand} />
      <h1>${t('sign-in.title')}</h1>
      <p class="faint">${t('sign-in.what')}</p>
      <${SignInForm} onSignedIn=${onSignedIn} />
      <${LanguageButton} onChange=${onLanguage} />
    </div>
  </main>`;
}

export function SignInAgain({ onSignedIn }) {
  const who = session().username;
  const done = () => {
    if (session().username === who) {
      onSignedIn();
    } else {
      location.reload(); // someone else: what is on the page is not theirs
    }
  };
  return html`<${Dialog} title=${t('sign-in.again')} closable=${false}>
    <p>${t('sign-in.ended')}</p>
    <${SignInForm} username=${who} onSignedIn=${done} />
  <//>`;
}

function SignInForm({ username: known = '', onSignedIn }) {
  const [username, setUsername] = useState(known);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const form = useRef();
  useEffect(() => form.current.querySelector(known ? '#password' : '#username').focus(), []);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await signIn(username, password);
      onSignedIn();
    } catch (failed) {
      setProblem(failed);
      setBusy(false);
      form.current.querySelector('#password').select();
    }
  };
  return html`<form ref=${form} onSubmit=${submit}>
    ${problem && html`<${SignInProblem} problem=${problem} />`}
    <${TextField} name="username" label=${t('sign-in.username')} value=${username} onChange=${setUsername}
      autocomplete="username" autocapitalize="none" spellcheck="false" required />
    <${TextField} name="password" label=${t('sign-in.password')} value=${password} onChange=${setPassword}
      type="password" autocomplete="current-password" required />
    <button class="primary full" aria-disabled=${busy}>${t('sign-in.button')}</button>
  </form>`;
}

function SignInProblem({ problem }) {
  if (problem.status === 401) {
    return html`<${Notice} kind="bad" title=${t('sign-in.wrong')}>${t('sign-in.wrong-next')}<//>`;
  }
  return html`<${ProblemNotice} problem=${problem} />`;
}
