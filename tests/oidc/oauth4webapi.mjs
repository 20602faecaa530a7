// A relying party and a resource server on oauth4webapi. Arguments: issuer, client id, the secret of the client
// `reports`. Prints {url} for a person to follow, reads where they were sent back to, prints what it got.
import { createInterface } from 'node:readline/promises'
import * as oauth from 'oauth4webapi'

const [issuer, clientId, toolSecret] = process.argv.slice(2)
const insecure = { [oauth.allowInsecureRequests]: true }
const issuerUrl = new URL(issuer)
const as = await oauth.processDiscoveryResponse(issuerUrl, await oauth.discoveryRequest(issuerUrl, insecure))
const plain = await oauth.processDiscoveryResponse(
  issuerUrl, await oauth.discoveryRequest(issuerUrl, { algorithm: 'oauth2', ...insecure }),
)

const client = { client_id: clientId }
const verifier = oauth.generateRandomCodeVerifier()
const state = oauth.generateRandomState()
const nonce = oauth.generateRandomNonce()
const redirect = 'https://app.example.com/callback'
const url = new URL(as.authorization_endpoint)
url.search = new URLSearchParams({
  client_id: clientId, redirect_uri: redirect, response_type: 'code', scope: 'openid email portal',
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state, nonce,
})
console.log(JSON.stringify({ url: url.href }))

const lines = createInterface({ input: process.stdin })
const back = new URL((await lines[Symbol.asyncIterator]().next()).value)
lines.close()
const parameters = oauth.validateAuthResponse(as, client, back, state)
const answer = await oauth.authorizationCodeGrantRequest(
  as, client, oauth.None(), parameters, redirect, verifier, insecure,
)
const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
  expectedNonce: nonce, requireIdToken: true,
})
await oauth.validateApplicationLevelSignature(as, answer, insecure)
const claims = oauth.getValidatedIdTokenClaims(tokens)
const user = await oauth.processUserInfoResponse(
  as, client, claims.sub, await oauth.userInfoRequest(as, client, tokens.access_token, insecure),
)

// As a resource server checks the access token, by RFC 9068.
async function access(token) {
  const request = new Request(`${issuer}/graphql`, { headers: { authorization: `Bearer ${token}` } })
  return oauth.validateJwtAccessToken(as, request, `${issuer}/graphql`, insecure)
}

const tool = { client_id: 'reports' }
const granted = await oauth.processClientCredentialsResponse(as, tool, await oauth.clientCredentialsGrantRequest(
  as, tool, oauth.ClientSecretPost(toolSecret), { scope: 'contracts:read' }, insecure,
))

const again = await oauth.authorizationCodeGrantRequest(
  as, client, oauth.None(), parameters, redirect, verifier, insecure,
)
const replayed = await oauth.processAuthorizationCodeResponse(as, client, again, { expectedNonce: nonce }).then(
  () => 'served twice', (error) => error.error,
)
const refused = await oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(
  as, client, oauth.None(), tokens.refresh_token, insecure,
)).then(() => 'still served', (error) => error.error)
console.log(JSON.stringify({
  sameIssuer: plain.issuer === as.issuer, user, access: await access(tokens.access_token),
  tool: await access(granted.access_token), replayed, refused,
}))
