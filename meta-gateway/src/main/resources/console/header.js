// The bar on top of every page.
import { html, useEffect, useRef, useState } from './markup.js';
import { currentLanguage, LANGUAGES, setLanguage, t } from './language/words.js';
import { may, session, signOut } from './session.js';
import { onConnection } from './live.js';
import { go } from './router.js';
import { Icon } from './parts/icon.js';

export function Header({ path, onLanguage, onSignedOut }) {
  const [open, setOpen] = useState(false);
  const menuButton = useRef();
  useEffect(() => setOpen(false), [path]);
  const onKey = (event) => {
    if (event.key === 'Escape' && open) {
      setOpen(false);
      menuButton.current.focus();
    }
  };
  return html`<header class="header" onKeyDown=${onKey}>
    <div class="header-inner">
      <${Brand} />
      <${Connection} />
      <button
        type="button"
        class="menu-button quiet"
        ref=${menuButton}
        aria-expanded=${open}
        aria-controls="menu"
        onClick=${() => setOpen(!open)}
      >
        <${Icon} name=${open ? 'close' : 'menu'} />${t('menu')}
      </button>
      <div id="menu" class=${open ? 'menu open' : 'menu'}>
        <${Navigation} path=${path} />
        <div class="header-end">
          <${LanguageButton} onChange=${onLanguage} />
          <${Person} onSignedOut=${onSignedOut} />
        </div>
      </div>
    </div>
  </header>`;
}

export function Brand() {
  return html`<a class="brand" href="/instances">
    <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M4 7l11-3v11L4 17zM19 4l9 3v14l-9-3zM4 21l11-2v9l-11-2zM19 22l9 3v2l-9 1z" /></svg>
    Cadastre</a
  >`;
}

function Navigation({ path }) {
  const links = [
    ['/instances', t('nav.instances'), path === '/' || path.startsWith('/instances')],
    ['/operations', t('nav.operations'), path === '/operations'],
    ['/schedules', t('nav.schedules'), path === '/schedules' || path.startsWith('/runs')],
  ];
  if (may('admin')) {
    links.push(['/users', t('nav.users'), path === '/users'], ['/audit-log', t('nav.audit'), path === '/audit-log']);
  }
  return html`<nav aria-label=${t('nav.label')}>
    ${links.map(
      ([href, words, here]) => html`<a href=${href} aria-current=${here ? 'page' : undefined}>${words}</a>`,
    )}
  </nav>`;
}

export function LanguageButton({ onChange }) {
  const other = currentLanguage() === 'en' ? 'zh' : 'en';
  const change = async () => {
    await setLanguage(other);
    onChange();
  };
  return html`<button type="button" class="quiet" lang=${other === 'zh' ? 'zh-CN' : 'en'} onClick=${change}>
    <${Icon} name="language" />${LANGUAGES[other]}
  </button>`;
}

function Person({ onSignedOut }) {
  const { username, role } = session();
  const leave = async () => {
    await signOut();
    go('/', { replace: true });
    onSignedOut();
  };
  return html`<a class="person" href="/account"
      >${username}<span class="faint"> ${t(`role.${role}`)}</span></a
    >
    <button type="button" class="quiet" onClick=${leave}>${t('sign-out')}</button>`;
}

// Nothing while all is well; says so when pages no longer update by themselves.
function Connection() {
  const [connected, setConnected] = useState(true);
  useEffect(() => onConnection(setConnected), []);
  return html`<div class="connection" role="status">${!connected && html`<span>${t('reconnecting')}</span>`}</div>`;
}
