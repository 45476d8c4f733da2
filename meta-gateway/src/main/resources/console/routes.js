// Every address of the console. A test holds this list against the one the gateway serves.
const page = (load, role) => ({ load, role });

export const routes = [
  ['/', page(() => import('./instances/list-page.js').then((m) => m.InstancesPage))],
  ['/instances', page(() => import('./instances/list-page.js').then((m) => m.InstancesPage))],
  ['/instances/new', page(() => import('./instances/form-page.js').then((m) => m.NewInstancePage), 'operator')],
  ['/instances/:id', page(() => import('./instances/instance-page.js').then((m) => m.InstancePage))],
  ['/instances/:id/edit', page(() => import('./instances/form-page.js').then((m) => m.EditInstancePage), 'operator')],
  ['/operations', page(() => import('./operations/operations-page.js').then((m) => m.OperationsPage))],
  ['/schedules', page(() => import('./schedules/schedules-page.js').then((m) => m.SchedulesPage))],
  ['/runs/:id', page(() => import('./schedules/run-page.js').then((m) => m.RunPage))],
  ['/account', page(() => import('./accounts/account-page.js').then((m) => m.AccountPage))],
  ['/users', page(() => import('./accounts/users-page.js').then((m) => m.UsersPage), 'admin')],
  ['/audit-log', page(() => import('./accounts/audit-log-page.js').then((m) => m.AuditLogPage), 'admin')],
];
