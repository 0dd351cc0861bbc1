"""OpenID Connect Core 1.0 as a relying party: code, PKCE, and a link from (iss, sub) to a person."""
