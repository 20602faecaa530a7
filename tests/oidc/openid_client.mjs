// A relying party on openid-client. Arguments: issuer, client id, secret or ''.
// Prints {url} for a person to follow, reads where they were sent back to, prints what it got.
import { createInterface } from 'node:readline/promises'
import * as client from 'openid-client'

const [issuer, clientId, secret] = process.argv.slice(2)
const authentication = secret ? client.ClientSecretBasic(secret) : client.None()
const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
})

const pkceCodeVerifier = client.randomPKCECodeVerifier()
const expectedState = client.randomState()
const expectedNonce = client.randomNonce()
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: 'https://app.example.com/callback',
  scope: 'openid profile email portal offline_access',
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  state: expectedState,
  nonce: expectedNonce,
  max_age: '3600',
})
console.log(JSON.stringify({ url: url.href }))

const lines = createInterface({ input: process.stdin })
const back = new URL((await lines[Symbol.asyncIterator]().next()).value)
lines.close()
const tokens = await client.authorizationCodeGrant(config, back, {
  pkceCodeVerifier,
  expectedState,
  expectedNonce,
  maxAge: 3600,
  idTokenExpected: true,
})
const { sub } = tokens.claims()
const user = await client.fetchUserInfo(config, tokens.access_token, sub)
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
const introspected = secret ? await client.tokenIntrospection(config, refreshed.access_token) : null
const logout = client.buildEndSessionUrl(config, {
  post_logout_redirect_uri: 'https://app.example.com/bye',
  id_token_hint: refreshed.id_token,
})
await client.tokenRevocation(config, refreshed.refresh_token)
const afterwards = await client.fetchUserInfo(config, refreshed.access_token, sub).then(
  () => 'still served',
  (error) => error.cause?.[0]?.parameters?.error ?? String(error),
)
console.log(JSON.stringify({
  user, introspected, afterwards, logout: logout.href, scope: tokens.scope, authTime: tokens.claims().auth_time,
}))
