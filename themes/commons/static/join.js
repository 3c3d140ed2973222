// Work that shows a person's browser was here: a number whose digest begins with zeros. It is looked for while the form
// is filled in. Without this file the form goes out all the same, and somebody looks at what was sent.

const form = document.querySelector("form[data-challenge]");

async function solved({ challenge, bits }) {
  const text = new TextEncoder();
  for (let number = 0; ; number++) {
    const digest = await crypto.subtle.digest("SHA-256", text.encode(`${challenge}:${number}`));
    if (new DataView(digest).getUint32(0) >>> (32 - bits) === 0) return String(number);
  }
}

if (form && crypto.subtle) {
  const found = solved({ challenge: form.dataset.challenge, bits: Number(form.dataset.bits) })
    .then(number => { form.elements.proof.value = number; });
  form.addEventListener("submit", async event => {
    if (form.elements.proof.value) return;
    event.preventDefault();
    form.querySelector("[data-wait]").hidden = false;
    await found;
    form.requestSubmit(event.submitter);
  });
}
