// One's own account: the tokens for programs, and the password.
import { html, useState } from '../markup.js';
import { get, put, remove } from '../api.js';
import { session } from '../session.js';
import { usePages } from '../loading.js';
import { Title } from '../page.js';
import { t } from '../language/words.js';
import { announce } from '../parts/announce.js';
import { Confirm } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { Ago, Empty, Loading, Moment } from '../parts/small.js';
import { Notice, ProblemNotice } from '../parts/notice.js';
import { MoreButton, Table } from '../parts/table.js';
import { TokenForm } from './token-form.js';

export function AccountPage() {
  const { username, role } = session();
  return html`
    <${Title} text=${username} />
    <p class="lead">${t(`role.${role}.what`)}</p>
    <${Tokens} />
    <${Password} username=${username} />
  `;
}

function Tokens() {
  const tokens = usePages((cursor) => get('/tokens', { limit: 100, cursor }), []);
  const [revoking, setRevoking] = useState(null);
  const [problem, setProblem] = useState(null);
  const items = tokens.data?.items;
  const revoke = async () => {
    try {
      await remove(`/tokens/${revoking.id}`);
      announce(t('tokens.revoked'));
    } catch (failed) {
      setProblem(failed);
    }
    setRevoking(null);
    tokens.reload();
  };
  return html`<section aria-labelledby="tokens">
    <h2 id="tokens">${t('tokens.title')}</h2>
    <p class="lead">${t('tokens.what')}</p>
    <${TokenForm} onCreated=${tokens.reload} />
    ${(problem || tokens.error) && html`<${ProblemNotice} problem=${problem || tokens.error} retry=${tokens.reload} />`}
    ${!items && !tokens.error && html`<${Loading} />`}
    ${items?.length > 0 && html`<${TokensTable} tokens=${items} onRevoke=${setRevoking} />`}
    ${items?.length === 0 && html`<${Empty} title=${t('tokens.none')} />`}
    <${MoreButton} list=${tokens} />
    ${revoking &&
    html`<${Confirm} title=${t('tokens.revoke-title', { name: revoking.name })} danger action=${t('tokens.revoke')}
      onConfirm=${revoke} onClose=${() => setRevoking(null)}>${t('tokens.revoke-what')}<//>`}
  </section>`;
}

function TokensTable({ tokens, onRevoke }) {
  const columns = [
    { key: 'name', title: t('tokens.name'), cell: (one) => one.name },
    { key: 'role', title: t('users.role'), cell: (one) => t(`role.${one.role}`) },
    { key: 'created', title: t('tokens.created'), cell: (one) => html`<${Ago} at=${one.created_at} />` },
    { key: 'used', title: t('tokens.used'), cell: (one) => html`<${Ago} at=${one.last_used_at} never=${t('never')} />` },
    { key: 'expires', title: t('tokens.expires'), cell: (one) => (one.expires_at ? html`<${Moment} at=${one.expires_at} />` : t('tokens.no-end')) },
    {
      key: 'revoke',
      title: t('tokens.revoke'),
      cell: (one) =>
        one.revoked_at
          ? html`<span class="faint">${t('tokens.revoked')}</span>`
          : html`<button type="button" class="danger-quiet" aria-label=${`${t('tokens.revoke')}: ${one.name}`} onClick=${() => onRevoke(one)}>${t('tokens.revoke')}</button>`,
    },
  ];
  return html`<${Table} caption=${t('tokens.title')} columns=${columns} rows=${tokens} rowKey=${(one) => one.id} />`;
}

function Password({ username }) {
  const [form, setForm] = useState({ current: '', next: '' });
  const [problem, setProblem] = useState(null);
  const [done, setDone] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    setDone(false);
    try {
      await put(`/users/${encodeURIComponent(username)}/password`, { current_password: form.current, new_password: form.next });
      setForm({ current: '', next: '' });
      setProblem(null);
      setDone(true);
    } catch (failed) {
      setProblem(failed);
    }
  };
  const errorOf = (field) => problem?.errors.find((error) => error.field === field);
  const elsewhere = problem && !errorOf('current_password') && !errorOf('new_password');
  return html`<section aria-labelledby="password">
    <h2 id="password">${t('password.title')}</h2>
    <form class="form" onSubmit=${submit}>
      ${elsewhere && html`<${ProblemNotice} problem=${problem} />`}
      ${done && html`<${Notice} kind="good">${t('password.changed')}<//>`}
      <input type="text" class="unseen" autocomplete="username" value=${username} readonly tabindex="-1" aria-hidden="true" />
      <${TextField} name="current_password" type="password" label=${t('password.current')} value=${form.current} autocomplete="current-password"
        required error=${errorOf('current_password')} onChange=${(current) => setForm({ ...form, current })} />
      <${TextField} name="new_password" type="password" label=${t('password.new')} value=${form.next} autocomplete="new-password"
        required error=${errorOf('new_password')} onChange=${(next) => setForm({ ...form, next })} />
      <button>${t('password.change')}</button>
    </form>
  </section>`;
}
