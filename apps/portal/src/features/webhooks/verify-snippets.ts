/** How to verify an event in one language. */
interface VerifySnippet {
  id: string;
  language: string;
  /** What is to be installed first; null: nothing. */
  install: string | null;
  code: string;
}

/** In which variable of the environment every snippet expects the secret. */
export const SECRET_VARIABLE = 'ROLLCALL_WEBHOOK_SECRET';

export const WORKOS_SNIPPET = `import { createServer } from 'node:http';
import { WorkOS } from '@workos-inc/node';

const workos = new WorkOS(process.env.WORKOS_API_KEY);
const secret = process.env.${SECRET_VARIABLE};

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    // The body as it arrived, before any parsing.
    const payload = Buffer.concat(chunks).toString();
    const sigHeader = request.headers['workos-signature'];
    const event = await workos.webhooks.constructEvent({ payload, sigHeader, secret });
    console.log(event.event, event.id);
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
}).listen(3000);
`;

const NODE_SDK = `import { createServer } from 'node:http';
import { verifyWebhook } from '@rollcall/sdk';

const secret = process.env.${SECRET_VARIABLE};

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    // The body as it arrived, before any parsing.
    const event = await verifyWebhook({ secret, headers: request.headers, body: Buffer.concat(chunks) });
    console.log(event.type, event.id);
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
}).listen(3000);
`;

const NODE_STANDARD = `import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.${SECRET_VARIABLE});

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    const event = webhook.verify(Buffer.concat(chunks).toString('utf8'), request.headers);
    console.log(event.type, event.id);
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
}).listen(3000);
`;

const PYTHON = `import base64
import hashlib
import hmac
import json
import os
import time


def verify_webhook(headers, body):
    """headers: a dict with lower-case names; body: the bytes as they arrived."""
    event_id = headers["webhook-id"]
    timestamp = headers["webhook-timestamp"]
    if abs(time.time() - int(timestamp)) > 300:
        raise ValueError("too old or too new")

    key = base64.b64decode(os.environ["${SECRET_VARIABLE}"].removeprefix("whsec_"))
    if not key:
        raise ValueError("the secret is empty")
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
    signatures = headers["webhook-signature"].encode().split(b" ")
    if not any([hmac.compare_digest(signature, expected) for signature in signatures]):
        raise ValueError("no signature fits")

    return json.loads(body)
`;

const GO = `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// verifyWebhook takes the headers of a request and its body as it arrived.
func verifyWebhook(header http.Header, body []byte) bool {
	timestamp := header.Get("webhook-timestamp")
	sentAt, err := strconv.ParseInt(timestamp, 10, 64)
	if age := time.Now().Unix() - sentAt; err != nil || age > 300 || age < -300 {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("${SECRET_VARIABLE}"), "whsec_"))
	if err != nil || len(key) == 0 {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(header.Get("webhook-id") + "." + timestamp + "."))
	mac.Write(body)
	expected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	valid := false
	for _, signature := range strings.Fields(header.Get("webhook-signature")) {
		valid = hmac.Equal([]byte(signature), expected) || valid
	}
	return valid
}
`;

const RUBY = `require "base64"
require "json"
require "openssl"

# headers: a hash with lower-case names; body: the bytes as they arrived.
def verify_webhook(headers, body)
  id, timestamp, signatures = headers.values_at("webhook-id", "webhook-timestamp", "webhook-signature")
  raise ArgumentError, "headers are missing" unless id && timestamp && signatures
  raise ArgumentError, "too old or too new" if (Time.now.to_i - Integer(timestamp, 10)).abs > 300

  key = Base64.strict_decode64(ENV.fetch("${SECRET_VARIABLE}").delete_prefix("whsec_"))
  raise ArgumentError, "the secret is empty" if key.empty?

  digest = OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{timestamp}.".b + body.b)
  expected = "v1,#{Base64.strict_encode64(digest)}"
  valid = signatures.split(" ").any? { |signature| OpenSSL.secure_compare(signature, expected) }
  raise ArgumentError, "no signature fits" unless valid

  JSON.parse(body)
end
`;

const PHP = `<?php

$body = file_get_contents('php://input');
$id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
$timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
$signatures = $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '';

$key = base64_decode(substr(getenv('${SECRET_VARIABLE}') ?: '', strlen('whsec_')), true);
if (!$key) {
    error_log('${SECRET_VARIABLE} is not set');
    http_response_code(500);
    exit;
}
$expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));

$valid = false;
foreach (explode(' ', $signatures) as $signature) {
    $valid = hash_equals($expected, $signature) || $valid;
}
if (!$valid || abs(time() - (int) $timestamp) > 300) {
    http_response_code(400);
    exit;
}

$event = json_decode($body, true, 512, JSON_THROW_ON_ERROR);
error_log($event['type'] . ' ' . $event['id']);
http_response_code(204);
`;

const JAVA = `import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class RollcallWebhook {
  /** body: the bytes as they arrived; the others are the headers webhook-id, webhook-timestamp and webhook-signature. */
  public static boolean verify(byte[] body, String id, String timestamp, String signatures)
      throws GeneralSecurityException {
    if (id == null || timestamp == null || signatures == null || !timestamp.matches("\\\\d{1,12}")) return false;
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > 300) return false;
    String secret = System.getenv("${SECRET_VARIABLE}").substring("whsec_".length());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA256"));
    mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
    byte[] expected =
        ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
    boolean valid = false;
    for (String signature : signatures.split(" ")) {
      valid |= MessageDigest.isEqual(signature.getBytes(StandardCharsets.UTF_8), expected);
    }
    return valid;
  }
}
`;

const CSHARP = `using System.Globalization;
using System.Security.Cryptography;
using System.Text;

public static class RollcallWebhook
{
    // body: the bytes as they arrived; the others are the headers webhook-id, webhook-timestamp and webhook-signature.
    public static bool Verify(byte[] body, string id, string timestamp, string signatures)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sentAt)) return false;
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - sentAt) > 300) return false;
        var secret = Environment.GetEnvironmentVariable("${SECRET_VARIABLE}")!["whsec_".Length..];
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        var expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(hmac.GetHashAndReset()));
        var valid = false;
        foreach (var signature in signatures.Split(' '))
        {
            valid |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected);
        }
        return valid;
    }
}
`;

/** Every language that the dashboard shows; the first is our own library. */
export const VERIFY_SNIPPETS: readonly VerifySnippet[] = [
  { id: 'node', language: 'Node.js', install: 'npm install @rollcall/sdk', code: NODE_SDK },
  {
    id: 'standard',
    language: 'Node.js, standardwebhooks',
    install: 'npm install standardwebhooks',
    code: NODE_STANDARD,
  },
  { id: 'python', language: 'Python', install: null, code: PYTHON },
  { id: 'go', language: 'Go', install: null, code: GO },
  { id: 'ruby', language: 'Ruby', install: null, code: RUBY },
  { id: 'php', language: 'PHP', install: null, code: PHP },
  { id: 'java', language: 'Java', install: null, code: JAVA },
  { id: 'csharp', language: 'C#', install: null, code: CSHARP },
];
