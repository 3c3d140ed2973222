// A small client app as a page of another host serves it: it knows of the hub nothing but its address, and reads of
// each answer what the browser lets it read.
const kept = (name, value) => (value === undefined ? JSON.parse(localStorage.getItem(name)) : localStorage.setItem(name, JSON.stringify(value)))
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const here = location.origin + '/'

async function answer(response) {
  return { status: response.status, json: await response.json(), headers: Object.fromEntries(response.headers) }
}

window.app = {
  async register(hub) {
    const form = new URLSearchParams({ client_name: 'Elsewhere', redirect_uris: here, scopes: 'read write', website: here })
    const made = await answer(await fetch(hub + '/api/v1/apps', { method: 'POST', body: form }))
    kept('hub', hub)
    kept('made', made.json)
    return made
  },

  async authorize() {
    const verifier = base64url(crypto.getRandomValues(new Uint8Array(48)))
    kept('verifier', verifier)
    const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)))
    location.href = kept('hub') + '/oauth/authorize?' + new URLSearchParams({
      client_id: kept('made').client_id, redirect_uri: here, response_type: 'code', scope: 'read write', state: 'mine',
      code_challenge: challenge, code_challenge_method: 'S256',
    })
  },

  async token() {
    const query = new URLSearchParams(location.search)
    const body = JSON.stringify({
      grant_type: 'authorization_code', code: query.get('code'), client_id: kept('made').client_id,
      redirect_uri: here, code_verifier: kept('verifier'),
    })
    const headers = { 'Content-Type': 'application/json' }
    const given = await answer(await fetch(kept('hub') + '/oauth/token', { method: 'POST', body, headers }))
    kept('token', given.json.access_token)
    return { state: query.get('state'), ...given }
  },

  async ask(method, path, { json, token = kept('token'), headers = {} } = {}) {
    if (token) headers.Authorization = 'Bearer ' + token
    if (json) headers['Content-Type'] = 'application/json'
    return answer(await fetch(kept('hub') + path, { method, headers, body: json && JSON.stringify(json) }))
  },

  async upload(bytes, description) {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'bench.png')
    form.append('description', description)
    const headers = { Authorization: 'Bearer ' + kept('token') }
    return answer(await fetch(kept('hub') + '/api/v2/media', { method: 'POST', body: form, headers }))
  },

  drawn(address) {
    return new Promise((resolve, reject) => {
      const picture = new Image()
      picture.crossOrigin = 'anonymous'
      picture.onload = () => resolve(picture.naturalWidth)
      picture.onerror = () => reject(new Error('not drawn: ' + address))
      picture.src = address
    })
  },

  listen(stream) {
    const socket = new WebSocket(kept('hub').replace('http', 'ws') + '/api/v1/streaming', [kept('token')])
    this.heard = []
    this.waiting = []
    socket.onmessage = ({ data }) => {
      this.heard.push(JSON.parse(data))
      this.waiting.splice(0).forEach((look) => look())
    }
    return new Promise((resolve, reject) => {
      socket.onerror = () => reject(new Error('no socket'))
      socket.onopen = () => {
        socket.send(JSON.stringify({ type: 'subscribe', stream }))
        resolve(socket.protocol === kept('token'))
      }
    })
  },

  hears(event, words) {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.heard.find((frame) => frame.event === event && frame.payload.includes(words))
        found ? resolve(found) : this.waiting.push(look)
      }
      look()
    })
  },
}
