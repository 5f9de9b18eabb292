"""What LaTeX prints a text as: signs that mean something to it, and letters it has no font for."""

import re

_NAMED = (
    {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "η": "eta"}
    | {"θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "π": "pi", "ρ": "rho"}
    | {"σ": "sigma", "τ": "tau", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega"}
    | {"Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Σ": "Sigma", "Ω": "Omega"}
    | {"µ": "mu", "×": "times", "±": "pm", "∞": "infty", "≤": "leq", "≥": "geq", "→": "to"}
)
_WRITTEN = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    "[": "{[}",  # behind the end of a line it would begin an option,
    "*": "{*}",  # and this be one
    "–": "--",
    "⁻": r"\textsuperscript{$-$}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    **{sign: f"${sign}$" for sign in "<>|"},
    **{sign: f"\\textsuperscript{{{digit}}}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{sign: f"$\\{name}$" for sign, name in _NAMED.items()},
}
_MEANT = re.compile(f"[{re.escape(''.join(_WRITTEN))}]")
_LATIN = "\u017f"  # the last of the letters that pdflatex knows without a package


def escaped(text: str) -> str:
    """Return a text as LaTeX prints it, in one line; two hyphens stay two, and do not part."""
    line = " ".join(text.split())
    written = _MEANT.sub(lambda sign: _WRITTEN[sign[0]], re.sub("-(?=-)", "-\0", line))
    return written.replace("\0", "{}").replace(r" \%", r"\,\%")


def unknown(text: str) -> list[str]:
    """Return the letters of a text that pdflatex has no font for."""
    return sorted({sign for sign in text if sign > _LATIN and sign not in _WRITTEN})
