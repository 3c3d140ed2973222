// A walk through masto.js (what Elk and Phanpy are built on), streams included, with two members of one hub.
// Called as: node walk.mjs <masto module> <base url>. It prints the address of the consent page, once for each member, and
// reads the code that the member got there from a line of input; then it prints one line per step, and ends with 1 on failure.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [module, url] = process.argv.slice(2);
const { createRestAPIClient, createStreamingAPIClient, createOAuthAPIClient } = await import(pathToFileURL(module));

const guest = createRestAPIClient({ url });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function logIn() {
  const redirectUri = "urn:ietf:wg:oauth:2.0:oob";
  const scopes = "read write follow push";
  const app = await guest.v1.apps.create({ clientName: "walk", redirectUris: redirectUri, scopes });
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: scopes,
  });
  console.log(`CONSENT ${url}/oauth/authorize?${query}`);
  const { value: code } = await lines.next();
  const token = await createOAuthAPIClient({ url }).token.create({
    grantType: "authorization_code",
    code,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    redirectUri,
  });
  return token.accessToken;
}

const anasToken = await logIn();
const bosToken = await logIn();
const ana = createRestAPIClient({ url, accessToken: anasToken });
const bo = createRestAPIClient({ url, accessToken: bosToken });

async function step(name, deed) {
  try {
    await deed();
  } catch (error) {
    console.error(`FAILED ${name}\n`, error);
    process.exit(1);
  }
  console.log(name);
}

async function eventually(what, look) {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`waited in vain: ${what}`);
}

const me = await ana.v1.accounts.verifyCredentials();
const other = await bo.v1.accounts.verifyCredentials();

await step("instance", async () => {
  const instance = await guest.v2.instance.fetch();
  assert.match(instance.version, /^\d\.\d+\.\d+ \(compatible; Allmende /);
  assert.equal(typeof instance.apiVersions.mastodon, "number");
  assert.ok(instance.configuration.urls.streaming.startsWith("ws"));
  assert.equal((await guest.v1.instance.fetch()).uri, new URL(url).host);
  assert.ok(Array.isArray(await guest.v1.instance.peers.list()));
});

await step("profile", async () => {
  const changed = await ana.v1.accounts.updateCredentials({
    displayName: "Ana of the bench",
    fieldsAttributes: [{ name: "Workshop", value: "Ghent" }],
    source: { privacy: "public" },
  });
  assert.equal(changed.displayName, "Ana of the bench");
  assert.equal(changed.fields[0].value, "Ghent");
});

await step("follow", async () => {
  const relation = await bo.v1.accounts.$select(me.id).follow({ reblogs: true });
  assert.equal(relation.following, true);
  await ana.v1.accounts.$select(other.id).follow();
  const [seen] = await bo.v1.accounts.relationships.fetch({ id: [me.id] });
  assert.equal(seen.followedBy, true);
});

let status;
await step("post with a picture", async () => {
  const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  const medium = await ana.v2.media.create({ file: new Blob([dot], { type: "image/png" }), description: "A dot" });
  assert.equal(medium.description, "A dot");
  status = await ana.v1.statuses.create({ status: "Wood for the #bench", mediaIds: [medium.id], visibility: "public" });
  assert.equal(status.mediaAttachments[0].id, medium.id);
  assert.equal(status.tags[0].name, "bench");
});

await step("home and pages", async () => {
  const names = [];
  for await (const page of bo.v1.timelines.home.list({ limit: 1 })) {
    names.push(...page.map((one) => one.id));
    if (names.length > 5) break;
  }
  assert.ok(names.includes(status.id));
  assert.equal(new Set(names).size, names.length);
});

await step("answer, context, favourite, boost, bookmark", async () => {
  const answer = await bo.v1.statuses.create({ status: `@${me.username} I bring oak`, inReplyToId: status.id });
  const context = await ana.v1.statuses.$select(status.id).context.fetch();
  assert.deepEqual(context.descendants.map((one) => one.id), [answer.id]);
  assert.equal((await bo.v1.statuses.$select(status.id).favourite()).favourited, true);
  const boost = await bo.v1.statuses.$select(status.id).reblog();
  assert.equal(boost.reblog.id, status.id);
  assert.equal((await bo.v1.statuses.$select(status.id).bookmark()).bookmarked, true);
  assert.equal((await bo.v1.bookmarks.list())[0].id, status.id);
  const notices = await ana.v1.notifications.list();
  assert.deepEqual(new Set(notices.map((one) => one.type)).has("favourite"), true);
  const grouped = await ana.v2.notifications.list();
  assert.equal(typeof grouped.notificationGroups[0].mostRecentNotificationId, "number");
});

await step("edit, history, source", async () => {
  const changed = await ana.v1.statuses.$select(status.id).update({ status: "Oak for the #bench" });
  assert.match(changed.content, /Oak/);
  assert.ok(changed.editedAt);
  assert.equal((await ana.v1.statuses.$select(status.id).history.list()).length, 2);
  assert.equal((await ana.v1.statuses.$select(status.id).source.fetch()).text, "Oak for the #bench");
});

await step("poll", async () => {
  const asked = await ana.v1.statuses.create({ status: "Oak?", poll: { options: ["yes", "no"], expiresIn: 600 } });
  const poll = await bo.v1.polls.$select(asked.poll.id).votes.create({ choices: [0] });
  assert.deepEqual(poll.ownVotes, [0]);
  await assert.rejects(bo.v1.polls.$select(asked.poll.id).votes.create({ choices: [1] }), /already voted/);
});

await step("lists, filters, tags, markers, search", async () => {
  const list = await ana.v1.lists.create({ title: "Wood" });
  await ana.v1.lists.$select(list.id).accounts.create({ accountIds: [other.id] });
  assert.equal((await ana.v1.lists.$select(list.id).accounts.list())[0].id, other.id);
  const filter = await ana.v2.filters.create({ title: "Sale", context: ["home"], keywordsAttributes: [{ keyword: "sale" }] });
  assert.equal((await ana.v2.filters.$select(filter.id).fetch()).keywords[0].keyword, "sale");
  assert.equal((await ana.v1.tags.$select("bench").follow()).following, true);
  await ana.v1.markers.create({ home: { lastReadId: status.id } });
  assert.equal((await ana.v1.markers.fetch({ timeline: ["home"] })).home.lastReadId, status.id);
  const found = await ana.v2.search.list({ q: "oak", type: "statuses" });
  assert.ok(found.statuses.some((one) => one.id === status.id));
  await ana.v2.notifications.policy.update({ forNewAccounts: "accept" });
});

await step("errors", async () => {
  await assert.rejects(ana.v1.statuses.$select("1").fetch(), /Record not found/);
  await assert.rejects(async () => await guest.v1.timelines.home.list(), /access token/);
  await assert.rejects(ana.v1.statuses.create({ status: "" }), /Validation failed/);
});

await step("streams", async () => {
  const streaming = createStreamingAPIClient({
    streamingApiUrl: (await guest.v2.instance.fetch()).configuration.urls.streaming,
    accessToken: bosToken,
  });
  const events = [];
  const user = streaming.user.subscribe();
  const tagged = streaming.hashtag.subscribe({ tag: "oak" });
  for (const subscription of [user, tagged]) {
    (async () => {
      for await (const event of subscription) events.push(event);
    })();
  }
  let said;
  // Whoever subscribes hears what comes after: so it is said until it is heard.
  await eventually("update", async () => {
    said = await ana.v1.statuses.create({ status: `@${other.username} more #oak` });
    await new Promise((go) => setTimeout(go, 500));
    return events.some((one) => one.event === "update" && one.stream[0] === "user");
  });
  await eventually("hashtag", async () => events.some((one) => one.event === "update" && one.stream[0] === "hashtag"));
  await eventually("notification", async () => events.some((one) => one.event === "notification"));
  await ana.v1.statuses.$select(said.id).update({ status: `@${other.username} still more #oak` });
  await eventually("status.update", async () => events.some((one) => one.event === "status.update" && one.payload.id === said.id));
  await ana.v1.statuses.$select(said.id).remove();
  await eventually("delete", async () => events.some((one) => one.event === "delete" && one.payload === said.id));
  streaming.close();
});

await step("delete for redraft", async () => {
  const gone = await ana.v1.statuses.$select(status.id).remove();
  assert.equal(gone.text, "Oak for the #bench");
});

process.exit(0);
