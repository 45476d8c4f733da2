// The words of this page in the reader's language, the same as the console's. What the document says is English.

const REMEMBERED = 'cadastre.language'

export const LANGUAGES = {en: 'English', zh: '中文'}

export const WORDS = {
  en: {
    'and-more': '{from} and more',
    'answer': 'Answer',
    'answers': 'Answers',
    'anyone': 'anyone',
    'array': 'array of {of}',
    'body': 'Body',
    'body-table': 'The body',
    'by-subject': 'Operations by subject',
    'characters': '{from} to {to} characters',
    'console': 'Console',
    'curl': 'The same with curl',
    'default': 'else {value}',
    'language': 'Language',
    'loading': 'Loading…',
    'meaning': 'Meaning',
    'no-answer': 'No answer: {why}',
    'no-body': '(no body)',
    'no-document': 'The document cannot be shown: {why}',
    'one-a-line': 'one a line',
    'one-of': 'one of {words}',
    'optional': ' optional',
    'or': ' or ',
    'password': 'Password',
    'property': 'Property',
    'range': '{from} to {to}',
    'required': ', required',
    'send': 'Send',
    'sign-in': 'Sign in',
    'sign-out': 'Sign out',
    'signed-in': 'Signed in as {username} ({role}).',
    'stop': 'Stop',
    'token': 'Or with a bearer token',
    'token-about': 'goes before the session, and is gone with this page',
    'type': 'Type',
    'username': 'User name',
    'waiting': 'Waiting…',
    'what-it-has': 'What {status} has',
    'who': 'Who asks',
  },
  zh: {
    'and-more': '{from} 及以上',
    'answer': '响应',
    'answers': '响应状态',
    'anyone': '任何人',
    'array': '{of} 数组',
    'body': '请求体',
    'body-table': '请求体字段',
    'by-subject': '按主题分类的操作',
    'characters': '{from} 到 {to} 个字符',
    'console': '控制台',
    'curl': '等效的 curl 命令',
    'default': '默认 {value}',
    'language': '语言',
    'loading': '加载中…',
    'meaning': '含义',
    'no-answer': '没有响应：{why}',
    'no-body': '（无响应体）',
    'no-document': '无法显示文档：{why}',
    'one-a-line': '每行一个',
    'one-of': '可选值：{words}',
    'optional': ' 可选',
    'or': ' 或 ',
    'password': '密码',
    'property': '字段',
    'range': '{from} 到 {to}',
    'required': '，必填',
    'send': '发送',
    'sign-in': '登录',
    'sign-out': '退出登录',
    'signed-in': '已登录：{username}（{role}）。',
    'stop': '停止',
    'token': '或使用 Bearer 令牌',
    'token-about': '优先于会话，关闭本页后即失效',
    'type': '类型',
    'username': '用户名',
    'waiting': '等待响应…',
    'what-it-has': '{status} 响应的字段',
    'who': '请求身份',
  },
}

export const language = preferred()

export function t(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''))
}

// The whole page is made anew: its forms begin as they were.
export function choose(next) {
  try {
    localStorage.setItem(REMEMBERED, next)
  } catch {
    return // storage can be switched off
  }
  location.reload()
}

function preferred() {
  const remembered = read()
  if (remembered in LANGUAGES) return remembered
  return navigator.languages.some((tag) => tag.startsWith('zh')) && !navigator.language.startsWith('en') ? 'zh' : 'en'
}

function read() {
  try {
    return localStorage.getItem(REMEMBERED)
  } catch {
    return null
  }
}
