// For pages of other systems: <credit-verification link="https://平台地址/embed/verification?client=程序#签名的请求"></credit-verification>
// It fires "verdict" when the answer is shown, "outcome" when the official has decided, "refused" where there is no answer; event.detail holds the number of the verification,
// by which the system's server reads the answer itself (GET /api/v1/verifications/{number}): what a browser says proves nothing.
class CreditVerification extends HTMLElement {
  static observedAttributes = ["link"];
  #frame = document.createElement("iframe");
  #hear = (event) => {
    if (event.source !== this.#frame.contentWindow || event.origin !== new URL(this.getAttribute("link")).origin) return;
    const { type, ...detail } = event.data;
    if (type === "height") this.#frame.style.height = `${detail.height}px`;
    if (["verdict", "outcome", "refused"].includes(type)) this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  };

  connectedCallback() {
    this.#frame.title = "信用核查";
    this.#frame.style.cssText = "border: 0; width: 100%; min-height: 20rem";
    this.#frame.referrerPolicy = "no-referrer";
    this.append(this.#frame);
    window.addEventListener("message", this.#hear);
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#hear);
    this.#frame.remove();
  }

  attributeChangedCallback(_name, _old, link) {
    if (!link) return;
    // Another question at the same address is a new page, not a jump within the old one.
    const fresh = this.#frame.cloneNode();
    fresh.src = link;
    this.#frame.replaceWith(fresh);
    this.#frame = fresh;
  }
}
customElements.define("credit-verification", CreditVerification);
