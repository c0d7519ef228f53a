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

const PYTHON = `import os

from flask import Flask, request
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

app = Flask(__name__)
webhook = Webhook(os.environ["${SECRET_VARIABLE}"])


@app.post("/webhooks/rollcall")
def receive():
    try:
        event = webhook.verify(request.get_data(), dict(request.headers))
    except WebhookVerificationError:
        return "", 400
    print(event["type"], event["id"])
    return "", 204
`;

const GO = `package main

import (
	"io"
	"log"
	"net/http"
	"os"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	webhook, err := standardwebhooks.NewWebhook(os.Getenv("${SECRET_VARIABLE}"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/webhooks/rollcall", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || webhook.Verify(body, r.Header) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		log.Println(string(body))
		w.WriteHeader(http.StatusNoContent)
	})
	log.Fatal(http.ListenAndServe(":3000", nil))
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

$key = base64_decode(substr(getenv('${SECRET_VARIABLE}'), strlen('whsec_')), true);
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
  { id: 'python', language: 'Python', install: 'pip install standardwebhooks flask', code: PYTHON },
  {
    id: 'go',
    language: 'Go',
    install: 'go get github.com/standard-webhooks/standard-webhooks/libraries/go',
    code: GO,
  },
  { id: 'ruby', language: 'Ruby', install: null, code: RUBY },
  { id: 'php', language: 'PHP', install: null, code: PHP },
  { id: 'java', language: 'Java', install: null, code: JAVA },
  { id: 'csharp', language: 'C#', install: null, code: CSHARP },
];
