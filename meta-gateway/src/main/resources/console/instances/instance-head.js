// Name, address, health and the actions on the instance itself.
import { html, useState } from '../markup.js';
import { post, remove } from '../api.js';
import { go } from '../router.js';
import { may } from '../session.js';
import { Title } from '../page.js';
import { t } from '../language/words.js';
import { number, size } from '../language/format.js';
import { announce } from '../parts/announce.js';
import { Confirm } from '../parts/dialog.js';
import { Ago, Engine, Health, Tags } from '../parts/small.js';
import { FailureText, Notice, ProblemNotice } from '../parts/notice.js';
import { Icon } from '../parts/icon.js';

export function InstanceHead({ instance, onChanged }) {
  const failure = instance.health?.status === 'failing' && instance.health.failure;
  return html`
    <nav class="trail" aria-label=${t('nav.trail')}><a href="/instances">${t('nav.instances')}</a></nav>
    <div class="page-head">
      <${Title} text=${instance.name} />
      ${may('operator') && html`<${Actions} instance=${instance} onChanged=${onChanged} />`}
    </div>
    <p class="subtitle">
      <${Engine} engine=${instance.engine} />
      <span class="address">${instance.host}:${instance.port}</span>
      ${instance.server?.version && html`<span class="faint">${instance.server.product} ${bare(instance.server.version)}</span>`}
      <${Health} health=${instance.health} />
      <${Tags} tags=${instance.tags} />
    </p>
    ${instance.deleted_at &&
    html`<${Notice} kind="warn" title=${t('instance.deleted')}>${t('instance.deleted-what')} <${Ago} at=${instance.deleted_at} /><//>`}
    ${failure &&
    html`<${Notice} kind="bad" title=${t('instance.failing')}>
      <${FailureText} failure=${failure} /> ${t('instance.failing-since')} <${Ago} at=${instance.health.since} />
    <//>`}
    <dl class="figures">
      <div><dt>${t('instance.databases')}</dt><dd>${number(instance.database_count)}</dd></div>
      <div><dt>${t('instance.size')}</dt><dd>${size(instance.total_size_bytes)}</dd></div>
      <div><dt>${t('instance.databases-synced')}</dt><dd><${Ago} at=${instance.last_database_sync_at} never=${t('never')} /></dd></div>
      <div><dt>${t('instance.sizes-synced')}</dt><dd><${Ago} at=${instance.last_size_sync_at} never=${t('never')} /></dd></div>
    </dl>
  `;
}

function Actions({ instance, onChanged }) {
  const [deleting, setDeleting] = useState(false);
  const [problem, setProblem] = useState(null);
  const attempt = async (work) => {
    try {
      await work();
      setProblem(null);
    } catch (failed) {
      setDeleting(false);
      setProblem(failed);
    }
  };
  const restore = () =>
    attempt(async () => {
      await post(`/instances/${instance.id}/restore`);
      announce(t('instance.restored', { name: instance.name }));
      onChanged();
    });
  const destroy = () =>
    attempt(async () => {
      await remove(`/instances/${instance.id}`, instance.version);
      announce(t('instance.was-deleted', { name: instance.name }));
      go('/instances');
    });
  return html`<div class="buttons">
      ${instance.deleted_at
        ? html`<button type="button" onClick=${restore}><${Icon} name="restore" />${t('instance.restore')}</button>`
        : html`<a class="button" href=${`/instances/${instance.id}/edit`}><${Icon} name="edit" />${t('edit')}</a>
            <button type="button" class="danger-quiet" onClick=${() => setDeleting(true)}><${Icon} name="remove" />${t('delete')}</button>`}
    </div>
    ${problem && html`<${ProblemNotice} problem=${problem} retry=${onChanged} />`}
    ${deleting &&
    html`<${Confirm} title=${t('instance.delete-title', { name: instance.name })} danger action=${t('delete')}
      onConfirm=${destroy} onClose=${() => setDeleting(false)}>${t('instance.delete-what')}<//>`}`;
}

// MariaDB repeats its own name in what it calls its version: 11.4.5-MariaDB.
function bare(version) {
  return version.replace(/-MariaDB.*/i, '');
}
