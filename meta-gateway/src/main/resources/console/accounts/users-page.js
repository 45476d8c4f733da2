// Who may use Cadastre, and as what.
import { html, useRef, useState } from '../markup.js';
import { get, patch, post, put, remove } from '../api.js';
import { session } from '../session.js';
import { usePages } from '../loading.js';
import { Title } from '../page.js';
import { t } from '../language/words.js';
import { announce } from '../parts/announce.js';
import { Confirm, Dialog } from '../parts/dialog.js';
import { ChoiceField, Select, TextField, focusFirstError } from '../parts/field.js';
import { Ago, Loading } from '../parts/small.js';
import { ProblemNotice } from '../parts/notice.js';
import { MoreButton, Table } from '../parts/table.js';

const ROLES = ['viewer', 'operator', 'admin'];

const roleOptions = () => ROLES.map((role) => [role, t(`role.${role}`)]);
const pathOf = (user) => `/users/${encodeURIComponent(user.username)}`;

export function UsersPage() {
  const users = usePages((cursor) => get('/users', { limit: 100, cursor }), []);
  const [asked, setAsked] = useState(null);
  const [problem, setProblem] = useState(null);
  const attempt = async (work, words) => {
    try {
      await work();
      setProblem(null);
      announce(words);
    } catch (failed) {
      setProblem(failed);
    }
    setAsked(null);
    users.reload();
  };
  const items = users.data?.items;
  const setRole = (user, role) => attempt(() => patch(pathOf(user), { role }, user.version), t('users.changed'));
  return html`
    <${Title} text=${t('users.title')} />
    <${NewUser} onCreated=${users.reload} />
    ${(problem || users.error) && html`<${ProblemNotice} problem=${problem || users.error} retry=${users.reload} />`}
    ${!items && !users.error && html`<${Loading} />`}
    ${items && html`<${UsersTable} users=${items} onRole=${setRole} onAsk=${setAsked} />`}
    <${MoreButton} list=${users} />
    ${asked?.what === 'delete' &&
    html`<${Confirm} title=${t('users.delete-title', { name: asked.user.username })} danger action=${t('delete')}
      onConfirm=${() => attempt(() => remove(pathOf(asked.user), asked.user.version), t('users.deleted'))}
      onClose=${() => setAsked(null)}>${t('users.delete-what')}<//>`}
    ${asked?.what === 'password' && html`<${SetPassword} user=${asked.user} onClose=${() => setAsked(null)} />`}
  `;
}

function UsersTable({ users, onRole, onAsk }) {
  const columns = [
    { key: 'name', title: t('users.name'), cell: (one) => one.username },
    {
      key: 'role',
      title: t('users.role'),
      cell: (one) =>
        one.username === session().username
          ? t(`role.${one.role}`)
          : html`<${Select} aria-label=${`${t('users.role')}: ${one.username}`} value=${one.role} options=${roleOptions()} onChange=${(role) => onRole(one, role)} />`,
    },
    { key: 'created', title: t('tokens.created'), cell: (one) => html`<${Ago} at=${one.created_at} />` },
    {
      key: 'actions',
      title: t('users.actions'),
      cell: (one) =>
        one.username !== session().username &&
        html`<span class="buttons">
          <button type="button" aria-label=${`${t('users.set-password')}: ${one.username}`} onClick=${() => onAsk({ what: 'password', user: one })}>${t('users.set-password')}</button>
          <button type="button" class="danger-quiet" aria-label=${`${t('delete')}: ${one.username}`} onClick=${() => onAsk({ what: 'delete', user: one })}>${t('delete')}</button>
        </span>`,
    },
  ];
  return html`<${Table} caption=${t('users.title')} columns=${columns} rows=${users} rowKey=${(one) => one.username} />`;
}

function NewUser({ onCreated }) {
  const blank = { username: '', password: '', role: 'viewer' };
  const [form, setForm] = useState(blank);
  const [problem, setProblem] = useState(null);
  const element = useRef();
  const submit = async (event) => {
    event.preventDefault();
    try {
      await post('/users', form);
      announce(t('users.created', { name: form.username }));
      setForm(blank);
      setProblem(null);
      onCreated();
    } catch (failed) {
      setProblem(failed);
      focusFirstError(element.current);
    }
  };
  const errorOf = (field) => problem?.errors.find((error) => error.field === field);
  return html`<form ref=${element} class="line-form" onSubmit=${submit} novalidate aria-label=${t('users.add')}>
      <${TextField} name="username" label=${t('users.name')} value=${form.username} error=${errorOf('username')} autocomplete="off"
        onChange=${(username) => setForm({ ...form, username })} />
      <${TextField} name="password" type="password" label=${t('sign-in.password')} value=${form.password} error=${errorOf('password')} autocomplete="new-password"
        onChange=${(password) => setForm({ ...form, password })} />
      <${ChoiceField} name="role" label=${t('users.role')} value=${form.role} error=${errorOf('role')} options=${roleOptions()}
        onChange=${(role) => setForm({ ...form, role })} />
      <button class="primary">${t('users.add')}</button>
    </form>
    ${problem && !problem.errors.length && html`<${ProblemNotice} problem=${problem} />`}`;
}

function SetPassword({ user, onClose }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    try {
      await put(`${pathOf(user)}/password`, { new_password: password });
      announce(t('password.changed'));
      onClose();
    } catch (failed) {
      setProblem(failed);
    }
  };
  return html`<${Dialog} title=${t('users.password-title', { name: user.username })} onClose=${onClose}>
    <form onSubmit=${submit}>
      ${problem && !problem.field('new_password') && html`<${ProblemNotice} problem=${problem} />`}
      <${TextField} name="new_password" type="password" label=${t('password.new')} value=${password} autocomplete="new-password"
        error=${problem?.field('new_password')} onChange=${setPassword} />
      <div class="buttons end">
        <button type="button" onClick=${onClose}>${t('cancel')}</button>
        <button class="primary">${t('save')}</button>
      </div>
    </form>
  <//>`;
}
