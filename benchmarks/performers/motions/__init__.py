"""What the performers do: key poses, phrases of them, and reels."""
