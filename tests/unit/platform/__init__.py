"""The set-up tool and the bench runner."""
