// A scan that would mark too much as deleted waits here for a person: what would vanish, and the decision.
import { html, useEffect, useState } from '../markup.js';
import { get, post } from '../api.js';
import { may } from '../session.js';
import { useLoad } from '../loading.js';
import { useLive } from '../live.js';
import { t } from '../language/words.js';
import { announce } from '../parts/announce.js';
import { Confirm } from '../parts/dialog.js';
import { Ago } from '../parts/small.js';
import { Notice, ProblemNotice } from '../parts/notice.js';

const NAMES_SHOWN = 30;

export function HeldScans({ instance, generation }) {
  const held = useLoad(() => get('/held-scans', { instance_id: instance.id }), [instance.id, generation]);
  useLive((change) => change.entity === 'hold' && String(change.instance_id) === String(instance.id), held.reload);
  if (held.error) {
    return html`<${ProblemNotice} problem=${held.error} retry=${held.reload} />`;
  }
  return (held.data?.items || []).map((scan) => html`<${HeldScan} key=${scan.scan_id} scan=${scan} onDecided=${held.reload} />`);
}

function HeldScan({ scan, onDecided }) {
  const [asking, setAsking] = useState(null);
  const [problem, setProblem] = useState(null);
  const count = scan.databases_to_delete;
  const decide = async () => {
    const decision = asking;
    setAsking(null);
    try {
      await post(`/held-scans/${scan.scan_id}/${decision}`);
      announce(t(`held.${decision}-done`));
      onDecided();
    } catch (failed) {
      setProblem(failed);
    }
  };
  useEffect(() => announce(t('held.title', { count })), []);
  const actions =
    may('operator') &&
    html`<button type="button" class="danger" onClick=${() => setAsking('apply')}>${t('held.apply')}</button>
      <button type="button" onClick=${() => setAsking('reject')}>${t('held.reject')}</button>`;
  return html`<${Notice} kind="warn held" title=${t('held.title', { count })} actions=${actions}>
    <p>${t('held.what')} <${Ago} at=${scan.held_at} /></p>
    <p class="said">${scan.reason}</p>
    <${Names} names=${scan.names} count=${count} />
    ${problem && html`<${ProblemNotice} problem=${problem} retry=${onDecided} />`}
    ${asking &&
    html`<${Confirm} title=${t(`held.${asking}-title`, { count })} danger=${asking === 'apply'} action=${t(`held.${asking}`)}
      onConfirm=${decide} onClose=${() => setAsking(null)}>${t(`held.${asking}-what`, { count })}<//>`}
  <//>`;
}

function Names({ names, count }) {
  const shown = names.slice(0, NAMES_SHOWN);
  return html`<ul class="names">
    ${shown.map((name) => html`<li>${name}</li>`)}
    ${count > shown.length && html`<li class="faint">${t('held.more', { count: count - shown.length })}</li>`}
  </ul>`;
}
