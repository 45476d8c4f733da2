// The frame around every page: navigation, language, who is signed in, and signing in again when a session ended.
import { html, useEffect, useReducer, useRef, useState } from './markup.js';
import { whenSessionEnds } from './api.js';
import { match, onNavigate } from './router.js';
import { session } from './session.js';
import { startLive, stopLive } from './live.js';
import { ProblemNotice } from './parts/notice.js';
import { Header } from './header.js';
import { Page } from './page.js';
import { SignIn, SignInAgain } from './sign-in.js';
import { routes } from './routes.js';
import { t } from './language/words.js';

export function Shell({ unreachable }) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const [askAgain, setAskAgain] = useState(null);
  useEffect(() => onNavigate(redraw), []);
  useEffect(() => {
    let asked = null;
    whenSessionEnds(() => {
      // Many requests may meet the ended session at once; one dialog answers them all.
      asked ??= new Promise((resolve) => {
        setAskAgain(() => () => {
          asked = null;
          setAskAgain(null);
          resolve();
        });
      });
      return asked;
    });
  }, []);
  const signedIn = session() !== null;
  useEffect(() => {
    if (signedIn) {
      startLive();
    }
    return stopLive;
  }, [signedIn]);

  if (unreachable) {
    return html`<main class="page narrow">
      <${ProblemNotice} problem=${unreachable} retry=${() => location.reload()} />
    </main>`;
  }
  if (!signedIn) {
    return html`<${SignIn} onLanguage=${redraw} onSignedIn=${redraw} />`;
  }
  return html`<div class="shell">
    <${SkipLink} />
    <${Header} onLanguage=${redraw} onSignedOut=${redraw} path=${location.pathname} />
    <${Main} found=${match(routes, location.pathname)} />
    ${askAgain && html`<${SignInAgain} onSignedIn=${askAgain} />`}
  </div>`;
}

function SkipLink() {
  const skip = (event) => {
    event.preventDefault();
    document.getElementById('main').focus();
  };
  return html`<a class="skip" href="#main" onClick=${skip}>${t('skip')}</a>`;
}

// A new address moves the focus to the page, as loading a document would.
function Main({ found }) {
  const main = useRef();
  const path = location.pathname;
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) {
      main.current.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = false;
  }, [path]);
  return html`<main id="main" class="page" tabindex="-1" ref=${main}>
    <${Page} key=${path} found=${found} />
  </main>`;
}
