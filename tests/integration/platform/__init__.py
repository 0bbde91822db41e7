"""The platform: configuration, the parts of a production installation, the pages of jobs, the set-up tool."""
