// Loads the module of a page when its address is first visited.
import { html, useEffect, useState } from './markup.js';
import { t } from './language/words.js';
import { Empty, Loading } from './parts/small.js';
import { Notice } from './parts/notice.js';
import { may } from './session.js';

export function Page({ found }) {
  const [state, setState] = useState({});
  useEffect(() => {
    let gone = false;
    found?.page.load().then(
      (component) => !gone && setState({ component }),
      () => !gone && setState({ failed: true }),
    );
    return () => {
      gone = true;
    };
  }, []);
  if (!found) {
    return html`<${Title} text=${t('missing.title')} />
      <${Empty} title=${t('missing.what')}><a class="button" href="/instances">${t('missing.next')}</a><//>`;
  }
  if (found.page.role && !may(found.page.role)) {
    return html`<${Title} text=${t('forbidden.title')} />
      <${Notice} kind="warn">${t('forbidden.what', { role: t(`role.${found.page.role}`) })}<//>`;
  }
  if (state.failed) {
    const retry = html`<button type="button" onClick=${() => location.reload()}>${t('problem.retry')}</button>`;
    return html`<${Notice} kind="bad" title=${t('problem.0.what')} actions=${retry}>${t('problem.0.next')}<//>`;
  }
  return state.component ? html`<${state.component} ...${found.parameters} />` : html`<${Loading} />`;
}

// The page's heading, which also names the window.
export function Title({ text, children }) {
  useEffect(() => {
    document.title = `${text} · Cadastre`;
  }, [text]);
  return html`<h1>${text}${children}</h1>`;
}
